import {
  ANNOTATION_PIPELINES,
  ANNOTATION_VERSIONS,
  MODEL_KIND,
} from '@slipway/plugin-model-delivery-common';
import type { ReactNode } from 'react';

export type Part = 'pipelines' | 'versions' | 'environments' | 'monitors';

interface Named {
  label: string;
  title: string;
  /** As an MLModel says it, below `spec`. */
  yaml: string;
  /** As a Component or Resource says it; left out where it cannot. */
  annotation?: { name: string; value: string };
}

export const PARTS: Record<Part, Named> = {
  pipelines: {
    label: 'Pipelines',
    title: 'No pipelines',
    yaml: `pipelines:
  - { provider: local, repository: my-model }`,
    annotation: { name: ANNOTATION_PIPELINES, value: 'local:my-model' },
  },
  versions: {
    label: 'Versions',
    title: 'No registry',
    yaml: `versions:
  provider: local
  name: my-model`,
    annotation: { name: ANNOTATION_VERSIONS, value: 'local:my-model' },
  },
  environments: {
    label: 'Environments',
    title: 'No environments',
    yaml: `environments:
  - name: staging
    deploy: automatic
    target: { provider: local }
  - name: production
    after: staging
    target: { provider: local }
    gates:
      - metric: accuracy
        min: 0.92`,
  },
  monitors: {
    label: 'Monitors',
    title: 'No monitors',
    yaml: `monitors:
  - name: latency-p95
    signal: latency
    environment: production
    source: { provider: local }
    critical: { above: 0.5 }`,
  },
};

const indented = (text: string, by: number) =>
  text.replace(/^/gm, ' '.repeat(by));

/** What to write for a part, and where: the kind of the entity decides. */
export function wayOf(
  part: Part,
  kind: string,
): { words: ReactNode; code: string } {
  const { yaml, annotation } = PARTS[part];
  if (kind === MODEL_KIND.toLocaleLowerCase('en-US')) {
    return {
      words: (
        <>
          Add to <code>spec.{part}</code> of the {MODEL_KIND} in{' '}
          <code>catalog-info.yaml</code>:
        </>
      ),
      code: yaml,
    };
  }
  if (annotation) {
    return {
      words: (
        <>
          Add the annotation <code>{annotation.name}</code> in{' '}
          <code>catalog-info.yaml</code>:
        </>
      ),
      code: `metadata:
  annotations:
    ${annotation.name}: ${annotation.value}`,
    };
  }
  return {
    words: (
      <>
        Annotations cannot declare them. Declare the model as an {MODEL_KIND},
        or ask an administrator to declare them in <code>app-config.yaml</code>,
        for all models that are declared like this one:
      </>
    ),
    code: `modelDelivery:
  defaults:
${indented(yaml, 4)}`,
  };
}
