import {
  brokenTests,
  type KeyedEvidence,
  sentence,
  TEST_SUITES,
  testEvidence,
  testsKey,
} from '@slipway/plugin-model-delivery-node/reports';
import type { GitlabTestSuite } from '../answers/pipelines';

/**
 * The suites of the contract, by the names that GitLab gives its own: those of the jobs. One of another
 * name is left out, since nobody knows which gate it would meet.
 */
export function tellTests(
  suites: GitlabTestSuite[],
  of: { runId: string; at: string },
): KeyedEvidence[] {
  return TEST_SUITES.flatMap(suite => {
    const named = new RegExp(`(^|[^a-z])${suite}([^a-z]|$)`, 'i');
    const found = suites.filter(({ name }) => named.test(name));
    if (found.length === 0) return [];
    const broken = found.find(({ suite_error: error }) => error !== null);
    const evidence = broken
      ? brokenTests(
          suite,
          sentence(
            `GitLab could not read the report of ${broken.name}: ${broken.suite_error}`,
          ),
          of,
        )
      : testEvidence(suite, countsOf(found), of);
    return [{ key: testsKey(suite), evidence }];
  });
}

function countsOf(suites: GitlabTestSuite[]) {
  const sum = (of: (suite: GitlabTestSuite) => number) =>
    suites.reduce((total, suite) => total + of(suite), 0);
  const isTimed = suites.every(({ total_time: seconds }) => seconds !== null);
  return {
    passed: sum(one => one.success_count),
    failed: sum(one => one.failed_count + one.error_count),
    skipped: sum(one => one.skipped_count),
    seconds: isTimed ? sum(one => one.total_time ?? 0) : null,
    // GitLab's summary names no test; its page of the pipeline does.
    failures: [],
  };
}
