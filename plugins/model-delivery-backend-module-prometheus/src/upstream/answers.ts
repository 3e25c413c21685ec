import { z } from 'zod';

/** A number as Prometheus writes it: `NaN`, `+Inf` and `-Inf` are texts too. */
const sampleValue = z.string().transform((text, ctx) => {
  if (text === '+Inf' || text === 'Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  const value = Number(text);
  if (text !== 'NaN' && (text.trim() === '' || Number.isNaN(value))) {
    ctx.addIssue({ code: 'custom', message: 'a number was due' });
    return z.NEVER;
  }
  return value;
});

/** Seconds since 1970 and the value. */
const sample = z.tuple([z.number(), sampleValue]);
const labels = z.record(z.string(), z.string());

/** A series at one moment; without a value where it is a native histogram. */
const vectorSeries = z.looseObject({
  metric: labels,
  value: sample.optional(),
});
const rangeSeries = z.looseObject({
  metric: labels,
  values: z.array(sample).default([]),
});
export type RangeSeries = z.infer<typeof rangeSeries>;

const success = z.literal('success');
/** Said besides the data, such as that some stores did not answer. */
const warnings = z.array(z.string()).default([]);

export const instantAnswer = z.looseObject({
  status: success,
  warnings,
  data: z.discriminatedUnion('resultType', [
    z.looseObject({
      resultType: z.literal('vector'),
      result: z.array(vectorSeries),
    }),
    z.looseObject({ resultType: z.literal('scalar'), result: sample }),
    z.looseObject({ resultType: z.literal('matrix') }),
    z.looseObject({ resultType: z.literal('string') }),
  ]),
});
export type InstantAnswer = z.infer<typeof instantAnswer>;

export const rangeAnswer = z.looseObject({
  status: success,
  data: z.looseObject({
    resultType: z.literal('matrix'),
    result: z.array(rangeSeries),
  }),
});

export const buildInfoAnswer = z.looseObject({
  status: success,
  data: z.looseObject({ version: z.string().max(100) }),
});

export const rulesAnswer = z.looseObject({
  status: success,
  data: z.looseObject({
    groups: z.array(
      z.looseObject({
        rules: z.array(
          z.looseObject({
            name: z.string(),
            health: z.string(),
            lastError: z.string().optional(),
            type: z.string(),
          }),
        ),
      }),
    ),
  }),
});

export const ruleAlertsAnswer = z.looseObject({
  status: success,
  data: z.looseObject({
    alerts: z.array(
      z.looseObject({
        labels,
        annotations: labels.default({}),
        state: z.string(),
        activeAt: z.string(),
      }),
    ),
  }),
});

/** What Prometheus says of a request that it refuses. */
export const errorAnswer = z.looseObject({
  status: z.literal('error'),
  errorType: z.string(),
  error: z.string(),
});

export const managedAlerts = z.array(
  z.looseObject({
    labels,
    annotations: labels.default({}),
    startsAt: z.string(),
    generatorURL: z.string().optional(),
    status: z.looseObject({
      state: z.string(),
      silencedBy: z.array(z.string()).nullish(),
      inhibitedBy: z.array(z.string()).nullish(),
    }),
  }),
);

export const silences = z.array(
  z.looseObject({
    id: z.string(),
    createdBy: z.string().default(''),
    comment: z.string().default(''),
    endsAt: z.string(),
  }),
);

export const alertmanagerStatus = z.looseObject({
  versionInfo: z.looseObject({ version: z.string().max(100) }),
});

/** What an Alertmanager posts to a receiver. */
export const notification = z.looseObject({
  alerts: z.array(z.looseObject({ labels })),
  truncatedAlerts: z.number().default(0),
});
