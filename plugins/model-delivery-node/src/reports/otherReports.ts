import { ReportError, envelope, parseReport } from './envelope';
import { type ReportFile, utc } from './reportFile';
import { sentence } from './summaries';

const VERDICTS = {
  pass: 'passed',
  fail: 'failed',
  error: 'ended in an error',
  skipped: 'was skipped',
};

/** A report of which only the verdict is of interest. */
export const other = (name: string, file: string): ReportFile => ({
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

export const card: ReportFile = {
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

export const sbom: ReportFile = {
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
