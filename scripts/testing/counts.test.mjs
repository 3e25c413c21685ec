import assert from 'node:assert/strict';
import test from 'node:test';
import {
  countCheck,
  countJest,
  countNode,
  countPlaywright,
} from './counts.mjs';

test('counts what Jest says, over several of its runs and in colour', () => {
  const output =
    '\u001b[1mTests:\u001b[22m       1 failed, 2 skipped, 3 passed, 6 total\nTime: 3 s\nTests:       4 passed, 4 total\n';
  assert.deepEqual(countJest(output), { passed: 7, failed: 1, skipped: 2 });
});

test('counts what the runner of Node says', () => {
  const output = 'ℹ tests 5\nℹ pass 3\nℹ fail 1\nℹ cancelled 0\nℹ skipped 1\n';
  assert.deepEqual(countNode(output), { passed: 3, failed: 1, skipped: 1 });
});

test('counts what Playwright says; what did not run has not passed', () => {
  const output =
    '  1 failed\n    a.spec.ts\n  2 did not run\n  4 passed (1.2m)\n';
  assert.deepEqual(countPlaywright(output), {
    passed: 4,
    failed: 3,
    skipped: 0,
  });
});

test('a check that ends with an error has failed', () => {
  assert.deepEqual(countCheck(2), { passed: 0, failed: 1, skipped: 0 });
});
