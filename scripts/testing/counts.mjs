// eslint-disable-next-line no-control-regex
const COLOURS = /\u001b\[[0-9;]*m/g;

/** What a stage counted. */
export const none = () => ({ passed: 0, failed: 0, skipped: 0 });

/** A check that passes or fails as a whole. */
export function countCheck(exitCode) {
  return {
    passed: exitCode === 0 ? 1 : 0,
    failed: exitCode === 0 ? 0 : 1,
    skipped: 0,
  };
}

/** The line `Tests: 1 failed, 2 skipped, 3 passed, 6 total` of Jest; several are added up. */
export function countJest(output) {
  return sum(output, /^Tests:\s+(.*)$/gm, /(\d+) (passed|failed|skipped)/g);
}

/** The lines `pass 3`, `fail 0`, `skipped 1` with which Node's runner ends. */
export function countNode(output) {
  const words = { pass: 'passed', fail: 'failed', skipped: 'skipped' };
  const counts = none();
  for (const [, word, n] of plain(output).matchAll(
    /^(?:#|ℹ) (pass|fail|skipped) (\d+)$/gm,
  )) {
    counts[words[word]] += Number(n);
  }
  return counts;
}

/** The lines `3 passed (2m)`, `1 failed`, `1 skipped` with which Playwright ends. */
export function countPlaywright(output) {
  const counts = none();
  const words = {
    passed: 'passed',
    flaky: 'passed',
    failed: 'failed',
    interrupted: 'failed',
    skipped: 'skipped',
    'did not run': 'failed',
  };
  for (const [, n, word] of plain(output).matchAll(
    /^\s+(\d+) (passed|flaky|failed|interrupted|skipped|did not run)\b/gm,
  )) {
    counts[words[word]] += Number(n);
  }
  return counts;
}

function sum(output, linePattern, itemPattern) {
  const counts = none();
  for (const [, line] of plain(output).matchAll(linePattern)) {
    for (const [, n, word] of line.matchAll(itemPattern)) {
      counts[word] += Number(n);
    }
  }
  return counts;
}

function plain(output) {
  return output.replace(COLOURS, '');
}
