import fs from 'node:fs';
import { installPackages } from './launcher/install.mjs';
import { ROOT, STATE } from './launcher/paths.mjs';
import { missing } from './launcher/prerequisites.mjs';
import { giveUp, say } from './launcher/say.mjs';
import { toolchainPath } from './launcher/toolchain.mjs';
import { none } from './testing/counts.mjs';
import { startPostgres } from './testing/postgres.mjs';
import { prefixLines } from './testing/prefixLines.mjs';
import { runCommand } from './testing/runCommand.mjs';
import { runStages } from './testing/runStages.mjs';
import { STAGES } from './testing/stages.mjs';

/** How many stages run side by side: most of them wait for processes more than they compute. */
const LANES = 2;

const lacking = missing();
if (lacking.length > 0) giveUp(lacking);
const asked = process.argv.slice(2);
const unknown = asked.filter(name => !STAGES.some(s => s.name === name));
if (unknown.length > 0) {
  giveUp(
    `There is no stage "${unknown.join('", "')}"; there are ${STAGES.map(
      s => s.name,
    ).join(', ')}.`,
  );
}
fs.mkdirSync(STATE, { recursive: true });
const env = {
  ...process.env,
  PATH: toolchainPath(),
  BACKSTAGE_TEST_DISABLE_DOCKER: '1',
};
installPackages(env);

// Each stage runs in a process group of its own, which Ctrl+C does not reach: ending this process does.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => process.exit(1));
}

const stages = STAGES.filter(s => asked.length === 0 || asked.includes(s.name));
const total = none();
const rows = await runStages(stages, { lanes: LANES, run: runStage });
for (const { counts } of rows) {
  for (const key of Object.keys(total)) total[key] += counts[key];
}

process.stdout.write('\n');
for (const { stage, counts, seconds } of rows) {
  process.stdout.write(
    `${counts.failed ? '✗' : '✓'} ${stage.name.padEnd(10)} ${counts.passed} passed, ${
      counts.failed
    } failed, ${counts.skipped} skipped, ${seconds.toFixed(0)} s\n`,
  );
}
// The reader may be slow, and unread output is lost when the process ends.
await new Promise(resolve =>
  process.stdout.write(
    `tests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`,
    resolve,
  ),
);
// By itself the process would end with 0: the embedded PostgreSQL hooks into its end.
process.exit(total.failed > 0 ? 1 : 0);

async function runStage(stage) {
  say(`${stage.name}: ${stage.command.join(' ')}`);
  const began = Date.now();
  const postgres = stage.needsPostgres ? await startPostgres() : undefined;
  const lines = prefixLines(stage.name, text => process.stdout.write(text));
  const { output, exitCode } = await runCommand(stage.command, {
    cwd: ROOT,
    env: {
      ...env,
      ...(postgres
        ? { BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING: postgres.url }
        : {}),
    },
    show: lines.write,
  });
  lines.end();
  await postgres?.stop();
  const counts = stage.count(output, exitCode);
  // A runner that ended with an error without counting one has failed all the same, and one that
  // counted nothing has not passed.
  const counted = counts.passed + counts.failed + counts.skipped;
  if ((exitCode !== 0 && counts.failed === 0) || counted === 0) {
    counts.failed += 1;
  }
  return { stage, counts, seconds: (Date.now() - began) / 1000 };
}
