import { z } from 'zod';

/**
 * What is read of MLflow's answers. Empty lists and unset fields are left out there, and texts
 * that are not set come as "".
 */
const list = <T extends z.ZodType>(item: T) => z.array(item).default([]);
const text = z.string().default('');
const milliseconds = z.number();

const tag = z
  .looseObject({ key: z.string(), value: text })
  .transform(({ key, value }) => [key, value] as const);
/** By name; of a name that comes twice the last counts. */
const tags = list(tag).transform(
  (pairs): ReadonlyMap<string, string> => new Map(pairs),
);

export const modelVersion = z.looseObject({
  name: z.string(),
  version: z.string(),
  creation_timestamp: milliseconds,
  description: text,
  source: text,
  run_id: text,
  status: z.string().default('READY'),
  status_message: text,
  user_id: text,
  tags,
  /** On get only; a search leaves them out. */
  aliases: list(z.string()),
});
export type ModelVersion = z.output<typeof modelVersion>;

export const registeredModel = z.looseObject({
  name: z.string(),
  creation_timestamp: milliseconds,
  last_updated_timestamp: milliseconds.default(0),
  description: text,
  tags,
  aliases: list(z.looseObject({ alias: z.string(), version: z.string() })),
});
export type RegisteredModel = z.output<typeof registeredModel>;

const MAX_METRICS = 1_000;
const MAX_PARAMS = 1_000;

export const run = z.looseObject({
  info: z.looseObject({
    run_id: z.string(),
    experiment_id: z.string(),
    user_id: text,
    artifact_uri: text,
  }),
  data: z
    .looseObject({
      metrics: list(
        z.looseObject({
          key: z.string(),
          // NaN comes as text.
          value: z.union([z.number(), z.string()]).nullish(),
        }),
      ).transform(metrics => metrics.slice(0, MAX_METRICS)),
      params: list(z.looseObject({ key: z.string(), value: text })).transform(
        params => params.slice(0, MAX_PARAMS),
      ),
      tags,
    })
    .prefault({}),
  inputs: z
    .looseObject({
      dataset_inputs: list(
        z.looseObject({
          tags,
          dataset: z.looseObject({
            name: text,
            digest: text,
            profile: text,
          }),
        }),
      ),
    })
    .prefault({}),
});
export type Run = z.output<typeof run>;

export const loggedModel = z.looseObject({
  info: z.looseObject({
    model_id: z.string(),
    artifact_uri: text,
    source_run_id: text,
  }),
});

const token = z.string().optional();
export const versionsPage = z.looseObject({
  model_versions: list(modelVersion),
  next_page_token: token,
});
export const modelsPage = z.looseObject({
  registered_models: list(registeredModel),
  next_page_token: token,
});
export const oneVersion = z.looseObject({ model_version: modelVersion });
export const oneModel = z.looseObject({ registered_model: registeredModel });
export const oneRun = z.looseObject({ run });
export const runsPage = z.looseObject({ runs: list(run) });
export const loggedModelsPage = z.looseObject({ models: list(loggedModel) });
export const oneLoggedModel = z.looseObject({ model: loggedModel });
export const downloadUri = z.looseObject({ artifact_uri: text });
export const fileList = z.looseObject({
  files: list(
    z.looseObject({
      path: z.string(),
      is_dir: z.boolean().default(false),
      // A 64-bit number of a proto message may be text.
      file_size: z.coerce.number().int().nonnegative().optional(),
    }),
  ),
});
export const nothing = z.looseObject({});
