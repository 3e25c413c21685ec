import fs from 'node:fs/promises';
import path from 'node:path';
import type { Evidence } from '@slipway/plugin-model-delivery-common';
import { ReportError, envelope, parseReport } from './envelope';
import { parseJunit } from './junit';
import {
  dataValidationReport,
  evaluationReport,
  metricsReport,
  performanceReport,
} from './schemas';
import {
  sentence,
  summariseData,
  summariseEvaluation,
  summarisePerformance,
  summariseTests,
} from './summaries';

/** Bytes; a report is read by people. */
const REPORT_LIMIT = 8 * 1024 * 1024;

/** Evidence with the name under which a later one of its kind replaces it. */
export interface KeyedEvidence {
  key: string;
  evidence: Evidence;
}

interface Context {
  runId: string;
  at: string;
}
type Parse = (content: Buffer, folder: string) => Promise<Evidence> | Evidence;

interface ReportFile {
  key: string;
  /** Under the reports folder. */
  file: string;
  parse: (context: Context) => Parse;
  /** What stands for a report that cannot be read. */
  broken: (context: Context, reason: string) => Evidence;
}

/**
 * What the reports of one verb say. A report that is missing, broken or too large is evidence of
 * status `error` with its reason; nothing here throws for what a project wrote.
 *
 * @param failure - why the job failed, if it did: it explains a report that is not there.
 */
export async function readEvidence(
  verb: string,
  folder: string,
  context: Context,
  failure: string | null,
): Promise<KeyedEvidence[]> {
  const result: KeyedEvidence[] = [];
  for (const report of REPORTS[verb] ?? []) {
    const name = `reports/${report.file}`;
    try {
      const content = await readLimited(path.join(folder, report.file), name);
      result.push({
        key: report.key,
        evidence: await report.parse(context)(content, folder),
      });
    } catch (error) {
      if (!(error instanceof ReportError)) throw error;
      const missing = error instanceof MissingReportError;
      result.push({
        key: report.key,
        evidence: report.broken(
          context,
          sentence(missing && failure ? failure : error.message),
        ),
      });
    }
  }
  return result;
}

class MissingReportError extends ReportError {}

async function readLimited(file: string, name: string): Promise<Buffer> {
  const stat = await fs.lstat(file).catch(() => undefined);
  if (!stat) throw new MissingReportError(`${name} was not written.`);
  if (!stat.isFile()) throw new ReportError(`${name} is not a file.`);
  if (stat.size > REPORT_LIMIT) {
    throw new ReportError(
      `${name} has ${stat.size} bytes; at most ${REPORT_LIMIT} are read.`,
    );
  }
  return await fs.readFile(file);
}

const tests = (suite: 'unit' | 'integration' | 'behaviour'): ReportFile => ({
  key: `tests:${suite}`,
  file: `junit/${suite}.xml`,
  parse:
    ({ runId, at }) =>
    content => {
      const counts = parseJunit(`reports/junit/${suite}.xml`, content);
      const none = counts.passed + counts.failed === 0;
      return {
        kind: 'tests',
        suite,
        status: counts.failed > 0 || none ? 'fail' : 'pass',
        summary: none ? 'No test ran' : summariseTests(counts),
        at,
        runId,
        ...counts,
      };
    },
  broken: ({ runId, at }, summary) => ({
    kind: 'tests',
    suite,
    status: 'error',
    summary,
    at,
    runId,
    passed: 0,
    failed: 0,
    skipped: 0,
    seconds: null,
    failures: [],
  }),
});

const other = (name: string, file: string): ReportFile => ({
  key: `report:${name}`,
  file,
  parse:
    ({ runId }) =>
    content => {
      const report = parseReport(envelope, `reports/${file}`, content);
      return {
        kind: 'report',
        name,
        status: report.status,
        summary: sentence(
          report.reasons.join('; ') || report.reason || VERDICTS[report.status],
        ),
        at: utc(report.created),
        runId,
      };
    },
  broken: ({ runId, at }, summary) => ({
    kind: 'report',
    name,
    status: 'error',
    summary,
    at,
    runId,
  }),
});

const VERDICTS = {
  pass: 'passed',
  fail: 'failed',
  error: 'ended in an error',
  skipped: 'was skipped',
};

const dataValidation: ReportFile = {
  key: 'data-validation',
  file: 'data-validation.json',
  parse:
    ({ runId }) =>
    content => {
      const report = parseReport(
        dataValidationReport,
        'reports/data-validation.json',
        content,
      );
      return {
        kind: 'data-validation',
        status: report.status,
        summary: summariseData(report),
        at: utc(report.created),
        runId,
        checks: report.checks.map(check => ({
          id: check.id,
          column: check.column,
          observed: check.observed,
          expected: check.expected,
          severity: check.severity,
          pass: check.pass,
        })),
      };
    },
  broken: ({ runId, at }, summary) => ({
    kind: 'data-validation',
    status: 'error',
    summary,
    at,
    runId,
    checks: [],
  }),
};

const metrics: ReportFile = {
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

const evaluation: ReportFile = {
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

const performance: ReportFile = {
  key: 'performance',
  file: 'performance.json',
  parse:
    ({ runId }) =>
    content => {
      const report = parseReport(
        performanceReport,
        'reports/performance.json',
        content,
      );
      return {
        kind: 'performance',
        // A measurement that cannot be trusted is no pass.
        status:
          report.valid || report.status !== 'pass' ? report.status : 'unknown',
        summary: summarisePerformance(report),
        at: utc(report.created),
        runId,
        valid: report.valid,
        latencyMs: report.latencyMs && {
          n: report.latencyMs.n,
          min: report.latencyMs.min,
          p50: report.latencyMs.p50,
          p95: report.latencyMs.p95,
          p99: report.latencyMs.p99,
        },
        p50Ratio: report.ab?.p50Ratio ?? null,
        aaP50Ratio: report.ab?.aaP50Ratio ?? null,
        baselineVersion: report.ab?.baselineVersion ?? null,
        throughputRps: report.throughputRps,
        rssMb: report.rssMb,
        artifactMb: report.artifactMb,
        coldStartMs: report.coldStartMs,
      };
    },
  broken: ({ runId, at }, summary) => ({
    kind: 'performance',
    status: 'error',
    summary,
    at,
    runId,
    valid: false,
    latencyMs: null,
    p50Ratio: null,
    aaP50Ratio: null,
    baselineVersion: null,
    throughputRps: null,
    rssMb: null,
    artifactMb: null,
    coldStartMs: null,
  }),
};

const card: ReportFile = {
  key: 'model-card',
  file: 'MODEL_CARD.md',
  parse:
    ({ runId, at }) =>
    content => ({
      kind: 'model-card',
      status: content.toString('utf8').trim() ? 'pass' : 'fail',
      summary: content.toString('utf8').trim()
        ? 'A model card was generated'
        : 'The model card is empty',
      at,
      runId,
    }),
  broken: ({ runId, at }, summary) => ({
    kind: 'model-card',
    status: 'error',
    summary,
    at,
    runId,
  }),
};

const sbom: ReportFile = {
  ...other('sbom', 'bom.cdx.json'),
  parse:
    ({ runId, at }) =>
    content => {
      let bom: { bomFormat?: unknown; components?: unknown };
      try {
        bom = JSON.parse(content.toString('utf8'));
      } catch (error) {
        throw new ReportError(
          `reports/bom.cdx.json is not JSON: ${(error as Error).message}.`,
        );
      }
      if (bom?.bomFormat !== 'CycloneDX') {
        throw new ReportError(
          'reports/bom.cdx.json is not a CycloneDX bill of materials.',
        );
      }
      const n = Array.isArray(bom.components) ? bom.components.length : 0;
      return {
        kind: 'report',
        name: 'sbom',
        status: 'pass',
        summary: `lists ${n} component${n === 1 ? '' : 's'}`,
        at,
        runId,
      };
    },
};

const REPORTS: Record<string, ReportFile[]> = {
  lint: [other('lint', 'lint.json')],
  'test-unit': [tests('unit')],
  'test-integration': [tests('integration')],
  'test-behaviour': [tests('behaviour')],
  'data-validate': [dataValidation],
  select: [other('selection', 'selection.json')],
  evaluate: [metrics, evaluation],
  perf: [performance],
  card: [card],
  sbom: [sbom],
};

function utc(time: string): string {
  return new Date(time).toISOString();
}
