/**
 * Starts an MLflow server for a test that cannot load this module itself: `node serveMlflow.mjs
 * '{"directory":"…"}'`. Says one line of JSON, `{"url","python"}` or `{"error"}`, and ends with
 * its standard input, so that nothing is left when the parent process ends.
 */
import { MLFLOW_FOLDER, ensureMlflow, startMlflow } from './mlflow.mjs';

const say = text => process.stderr.write(`${text}\n`);
const answer = value => process.stdout.write(`${JSON.stringify(value)}\n`);

const over = new Promise(resolve => {
  process.stdin.on('end', resolve).on('close', resolve).resume();
  process.once('SIGTERM', resolve);
});

try {
  const options = JSON.parse(process.argv[2]);
  const python = await ensureMlflow(options.folder ?? MLFLOW_FOLDER, say);
  const server = await startMlflow({ ...options, say });
  answer({ url: server.url, python });
  await over;
  await server.stop();
  process.exit(0);
} catch (error) {
  answer({ error: error.message });
  process.exit(1);
}
