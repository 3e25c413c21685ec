import {
  MODEL_API_VERSION,
  MODEL_KIND,
} from '@slipway/plugin-model-delivery-common';
import type {
  ModelChoice,
  MonitorSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import { stringify } from 'yaml';

/** The entity of a model that exists already, from what a person chose and what was found. */
export function entityOf(choice: ModelChoice, monitors: MonitorSpec[]) {
  const { environments, annotations } = choice;
  const names = environments?.names ?? [];
  return {
    apiVersion: MODEL_API_VERSION,
    kind: MODEL_KIND,
    metadata: {
      name: choice.name,
      ...(choice.namespace !== 'default' && { namespace: choice.namespace }),
      ...(choice.description && { description: choice.description }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: {
      type: choice.type,
      lifecycle: choice.lifecycle,
      owner: choice.owner,
      ...(choice.pipelines && { pipelines: [choice.pipelines] }),
      ...(choice.versions && { versions: choice.versions }),
      ...(environments && {
        environments: names.map((name, index) => ({
          name,
          ...(index > 0 && { after: names[index - 1] }),
          target: environments.target,
        })),
      }),
      ...(monitors.length > 0 && { monitors }),
    },
  };
}

export type ChosenEntity = ReturnType<typeof entityOf>;

/** As a file of a repository. */
export const entityFile = (entity: ChosenEntity): string =>
  stringify(entity, { lineWidth: 100 });
