import { parseJunit } from './junit';
import type { ReportFile } from './reportFile';
import { summariseTests } from './summaries';

/** The JUnit report of one suite. */
export const tests = (
  suite: 'unit' | 'integration' | 'behaviour',
): ReportFile => ({
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
