import { parseReport } from './envelope';
import { type ReportFile, utc } from './reportFile';
import { dataValidationReport } from './schemas';
import { summariseData } from './summaries';

export const dataValidation: ReportFile = {
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
