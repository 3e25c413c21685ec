import assert from 'node:assert/strict';
import test from 'node:test';
import { ROOT } from '../launcher/paths.mjs';
import { countJest } from './counts.mjs';
import { runCommand } from './runCommand.mjs';

const MUCH = 4 * 1024 * 1024;
const COUNT = 'Tests:       2 failed, 3 passed, 5 total\n';

async function run(command) {
  const shown = [];
  const ended = await runCommand(command, {
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
