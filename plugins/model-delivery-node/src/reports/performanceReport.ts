import { parseReport } from './envelope';
import { type ReportFile, utc } from './reportFile';
import { performanceReport } from './schemas';
import { summarisePerformance } from './summaries';

export const performance: ReportFile = {
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
        p95Ratio: report.ab?.p95Ratio ?? null,
        throughputRatio: report.ab?.throughputRatio ?? null,
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
