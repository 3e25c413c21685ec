import assert from 'node:assert/strict';
import test from 'node:test';
import { prefixLines } from './prefixLines.mjs';
import { runStages } from './runStages.mjs';

/** Stages that end when the test says so. */
function controlled() {
  const begun = [];
  const ends = new Map();
  return {
    begun,
    async end(name) {
      ends.get(name)(`result of ${name}`);
      // Lets everything that waits for the end go on.
      await new Promise(resolve => setImmediate(resolve));
    },
    run(stage) {
      begun.push(stage.name);
      return new Promise(resolve => ends.set(stage.name, resolve));
    },
  };
}

test('two stages run side by side, and the next one begins when one of them ends', async () => {
  const stages = controlled();
  const done = runStages([{ name: 'a' }, { name: 'b' }, { name: 'c' }], {
    lanes: 2,
    run: stages.run,
  });
  assert.deepEqual(stages.begun, ['a', 'b']);
  await stages.end('b');
  assert.deepEqual(stages.begun, ['a', 'b', 'c']);
  await stages.end('c');
  await stages.end('a');
  assert.deepEqual(await done, ['result of a', 'result of b', 'result of c']);
});

test('nothing runs beside a stage that runs alone', async () => {
  const stages = controlled();
  const done = runStages(
    [{ name: 'a' }, { name: 'alone', alone: true }, { name: 'b' }],
    { lanes: 2, run: stages.run },
  );
  assert.deepEqual(stages.begun, ['a']);
  await stages.end('a');
  assert.deepEqual(stages.begun, ['a', 'alone']);
  await stages.end('alone');
  assert.deepEqual(stages.begun, ['a', 'alone', 'b']);
  await stages.end('b');
  await done;
});

test('each line names its stage, also one that comes in parts or has no end', () => {
  const shown = [];
  const lines = prefixLines('unit', text => shown.push(text));
  const bytes = Buffer.from('first\nsécond');
  for (const byte of bytes) lines.write(Buffer.from([byte]));
  assert.deepEqual(shown, ['unit │ first\n']);
  lines.end();
  assert.deepEqual(shown, ['unit │ first\n', 'unit │ sécond\n']);
});
