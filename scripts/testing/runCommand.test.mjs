import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { ROOT } from '../launcher/paths.mjs';
import { countJest } from './counts.mjs';
import { runCommand } from './runCommand.mjs';

const MUCH = 4 * 1024 * 1024;
const COUNT = 'Tests:       2 failed, 3 passed, 5 total\n';

async function run(command, options = {}) {
  const shown = [];
  const ended = await runCommand(command, {
    ...options,
    cwd: ROOT,
    env: process.env,
    show: chunk => shown.push(chunk),
  });
  assert.equal(Buffer.concat(shown).toString('utf8'), ended.output);
  return ended;
}

test('has the count of a runner that fails, says much and ends its process at once', async () => {
  const { output, exitCode } = await run([
    process.execPath,
    '--eval',
    `process.stderr.write('é'.repeat(${MUCH / 2}) + '\\n${COUNT.trim()}\\n'); process.exit(1);`,
  ]);
  assert.equal(exitCode, 1);
  assert.equal(Buffer.byteLength(output), MUCH + 1 + COUNT.length);
  assert.deepEqual(countJest(output), { passed: 3, failed: 2, skipped: 0 });
});

test('keeps what is said to both streams in order', async () => {
  const { output } = await run([
    process.execPath,
    '--eval',
    'console.log(1); console.error(2); console.log(3);',
  ]);
  assert.equal(output, '1\n2\n3\n');
});

test('a command that is not there has failed, and one that a signal ended', async () => {
  const missing = await run(['there-is-no-such-command']);
  assert.equal(missing.exitCode, 1);
  assert.match(missing.output, /ENOENT/);
  const killed = await run([
    process.execPath,
    '--eval',
    'process.kill(process.pid, "SIGKILL")',
  ]);
  assert.equal(killed.exitCode, 1);
});

test('a command that hangs is killed with its child processes, and has failed', async () => {
  const child = 'setInterval(() => {}, 1000)';
  const { output, exitCode } = await run(
    [
      process.execPath,
      '--eval',
      `const { pid } = require('node:child_process').spawn(process.execPath, ['--eval', '${child}']);
       console.log(pid);
       ${child}`,
    ],
    { limitMs: 1_000 },
  );
  assert.equal(exitCode, 1);
  assert.match(output, /Killed: it had not ended after 1 s/);
  const pid = Number(output.split('\n')[0]);
  // The kernel delivers the signal at once and ends the process a moment later.
  for (let tries = 0; isRunning(pid) && tries < 100; tries++) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  assert.equal(isRunning(pid), false);
});

function isRunning(pid) {
  try {
    // A killed process whose parent has not collected it still takes signals.
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
