import type { FilterPredicate } from '@backstage/filter-predicates';
import {
  ANNOTATION_PIPELINES,
  ANNOTATION_VERSIONS,
  MODEL_KIND,
  MODEL_TYPES,
} from '@slipway/plugin-model-delivery-common';

const pipelines = `metadata.annotations.${ANNOTATION_PIPELINES}` as const;
const versions = `metadata.annotations.${ANNOTATION_VERSIONS}` as const;

/** `isModelEntity` as a predicate, so that a host can read it and put its own in its place. */
export const isModel: FilterPredicate = {
  $any: [
    { kind: MODEL_KIND },
    {
      $all: [
        {
          kind: { $in: ['Component', 'Resource'] },
          'spec.type': { $in: [...MODEL_TYPES] },
        },
        {
          $any: [
            { [pipelines]: { $exists: true } },
            { [versions]: { $exists: true } },
          ],
        },
      ],
    },
  ],
};

/** What may use a model: it calls an API, is one, or depends on something. */
export const mayUseModels: FilterPredicate = {
  $all: [{ kind: { $in: ['Component', 'API'] } }, { $not: isModel }],
};
