import path from 'node:path';
import { parseReport } from './envelope';
import { type ReportFile, readLimited, utc } from './reportFile';
import { evaluationReport, metricsReport } from './schemas';
import { sentence, summariseEvaluation } from './summaries';

export const metrics: ReportFile = {
  key: 'metrics',
  file: 'metrics.json',
  parse:
    ({ runId }) =>
    content => {
      const report = parseReport(
        metricsReport,
        'reports/metrics.json',
        content,
      );
      return {
        kind: 'metrics',
        status: report.status,
        summary: sentence(
          report.metrics
            .slice(0, 3)
            .map(({ name, value, unit }) =>
              value === null
                ? `${name} is not known`
                : `${name} ${Number(value.toPrecision(3))}${
                    unit ? ` ${unit}` : ''
                  }`,
            )
            .join(', ') || 'no metrics',
        ),
        at: utc(report.created),
        runId,
        metrics: report.metrics.map(
          ({ name, value, unit, direction, ci, n, split }) => ({
            name,
            value,
            unit,
            direction,
            ci,
            n,
            split,
          }),
        ),
      };
    },
  broken: ({ runId, at }, summary) => ({
    kind: 'metrics',
    status: 'error',
    summary,
    at,
    runId,
    metrics: [],
  }),
};

/** Which way is better, and on how many rows: the evaluation leaves it to the metrics. */
async function directions(folder: string) {
  try {
    const report = parseReport(
      metricsReport,
      'reports/metrics.json',
      await readLimited(path.join(folder, 'metrics.json'), 'metrics.json'),
    );
    return new Map(report.metrics.map(metric => [metric.name, metric]));
  } catch {
    return new Map<string, never>();
  }
}

export const evaluation: ReportFile = {
  key: 'evaluation',
  file: 'evaluation.json',
  parse:
    ({ runId }) =>
    async (content, folder) => {
      const report = parseReport(
        evaluationReport,
        'reports/evaluation.json',
        content,
      );
      const measured = await directions(folder);
      return {
        kind: 'evaluation',
        status: report.status,
        summary: summariseEvaluation(report),
        at: utc(report.created),
        runId,
        decision: report.decision,
        reasons: report.reasons.map(sentence),
        holdoutDigest: report.holdout?.digest ?? null,
        baseline: {
          kind: report.baseline.kind,
          version: report.baseline.version,
          digest: report.baseline.digest,
          reason: report.baseline.reason,
        },
        overall: report.overall.map(entry => ({
          metric: entry.metric,
          direction: measured.get(entry.metric)?.direction ?? 'max',
          candidate: entry.candidate,
          baseline: entry.baseline,
          delta: entry.delta,
          pairedCi: entry.pairedCi,
          n: measured.get(entry.metric)?.n ?? report.holdout?.rows ?? null,
        })),
        slices: report.slices.map(slice => ({
          name: slice.name,
          where:
            typeof slice.where === 'string'
              ? slice.where
              : Object.entries(slice.where)
                  .map(([column, value]) => `${column} = ${value}`)
                  .join(', '),
          n: slice.n,
          metric: slice.metric,
          candidate: slice.candidate,
          baseline: slice.baseline,
          delta: slice.delta,
          pass: slice.pass,
          insufficient: slice.insufficient,
        })),
      };
    },
  broken: ({ runId, at }, summary) => ({
    kind: 'evaluation',
    status: 'error',
    summary,
    at,
    runId,
    decision: null,
    reasons: [],
    holdoutDigest: null,
    baseline: { kind: 'none', version: null, digest: null, reason: summary },
    overall: [],
    slices: [],
  }),
};
