import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { ReportError } from './envelope';

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
  /** Null where the report does not say. */
  seconds: number | null;
  failures: Array<{ name: string; message: string }>;
}

const FAILURES = 50;
const MESSAGE = 2_000;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  textNodeName: '#text',
  isArray: name =>
    ['testsuite', 'testcase', 'failure', 'error', 'skipped'].includes(name),
});

/**
 * Counts the tests of a JUnit report. The counts come from the test cases themselves; what the
 * suites claim is not asked.
 *
 * @throws ReportError
 */
export function parseJunit(file: string, content: Buffer): TestCounts {
  const xml = content.toString('utf8');
  if (/<!DOCTYPE/i.test(xml)) {
    throw new ReportError(
      `${file} declares a DOCTYPE; a JUnit report needs none.`,
    );
  }
  const valid = XMLValidator.validate(xml);
  if (valid !== true) {
    throw new ReportError(
      `${file} is not XML: ${valid.err.msg} (line ${valid.err.line}).`,
    );
  }
  const root = parser.parse(xml) as Node;
  if (!root.testsuites && !root.testsuite) {
    throw new ReportError(`${file} has no test suites.`);
  }
  const counts: TestCounts = {
    passed: 0,
    failed: 0,
    skipped: 0,
    seconds: null,
    failures: [],
  };
  collect(root, counts);
  collect((root.testsuites as Node) ?? {}, counts);
  return counts;
}

type Node = { [name: string]: unknown };

function collect(node: Node, counts: TestCounts): void {
  for (const suite of (node.testsuite as Node[]) ?? []) {
    if (typeof suite === 'object') {
      for (const test of (suite.testcase as Node[]) ?? []) count(test, counts);
      collect(suite, counts);
    }
  }
}

function count(test: Node, counts: TestCounts): void {
  const seconds = Number(test['@time']);
  if (test['@time'] !== undefined && Number.isFinite(seconds)) {
    counts.seconds = (counts.seconds ?? 0) + seconds;
  }
  const problem = [
    ...((test.failure as unknown[]) ?? []),
    ...((test.error as unknown[]) ?? []),
  ][0];
  if (problem !== undefined) {
    counts.failed += 1;
    if (counts.failures.length < FAILURES) {
      counts.failures.push({
        name: [test['@classname'], test['@name']]
          .filter(Boolean)
          .join('.')
          .slice(0, 300),
        message: messageOf(problem).slice(0, MESSAGE),
      });
    }
  } else if (test.skipped !== undefined) {
    counts.skipped += 1;
  } else {
    counts.passed += 1;
  }
}

function messageOf(problem: unknown): string {
  if (typeof problem === 'string') return problem;
  const { '@message': message, '#text': body } = problem as Node;
  return String(message || body || 'no message').trim();
}
