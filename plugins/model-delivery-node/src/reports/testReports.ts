import type { Evidence } from '@slipway/plugin-model-delivery-common/schema';
import { parseJunit, type TestCounts } from './junit';
import type { ReportContext, ReportFile } from './reportFile';
import { summariseTests } from './summaries';

/** The suites of the contract of a model repository. */
export const TEST_SUITES = ['unit', 'integration', 'behaviour'] as const;
type TestSuite = (typeof TEST_SUITES)[number];

/** The evidence that the counts of one suite are. A suite in which no test ran proves nothing and fails. */
export function testEvidence(
  suite: TestSuite,
  counts: TestCounts,
  { runId, at }: Pick<ReportContext, 'runId' | 'at'>,
): Evidence {
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
}

/** The evidence that a suite's report could not be read. */
export function brokenTests(
  suite: TestSuite,
  summary: string,
  { runId, at }: Pick<ReportContext, 'runId' | 'at'>,
): Evidence {
  return {
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
  };
}

/** Under which a later report of the suite replaces it. */
export const testsKey = (suite: TestSuite) => `tests:${suite}`;

/** The JUnit report of one suite. */
export const tests = (suite: TestSuite): ReportFile => ({
  key: testsKey(suite),
  file: `junit/${suite}.xml`,
  parse: context => content =>
    testEvidence(
      suite,
      parseJunit(`reports/junit/${suite}.xml`, content),
      context,
    ),
  broken: (context, summary) => brokenTests(suite, summary, context),
});
