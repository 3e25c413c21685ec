import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Portal } from './demo/portal.mjs';
import { STACK_STORY } from './demo/stackStory.mjs';
import { ROOT, STATE } from './launcher/paths.mjs';
import { ports } from './launcher/ports.mjs';
import { missing } from './launcher/prerequisites.mjs';
import { giveUp, say } from './launcher/say.mjs';
import { ensureMlflow, startMlflow } from './stack/mlflow.mjs';
import { createWebhook } from './stack/mlflowWebhook.mjs';
import { stackPorts } from './stack/ports.mjs';
import { missingPrograms, startStack } from './stack/prometheus.mjs';
import { Registrar } from './stack/Registrar.mjs';
import { RULES } from './stack/rules.mjs';

const FOLDER = path.join(STATE, 'stack');
const ENGINE = path.join(STATE, 'local');

const lacking = [...missing(), missingPrograms()].filter(Boolean);
if (lacking.length > 0) giveUp(lacking);

const secret = keepSecret();
const listen = stackPorts();
const [, backend] = ports();
const ingress = name =>
  `http://127.0.0.1:${backend.port}/api/events/http/${name}`;

const python = await ensureMlflow();
say('Starting MLflow, Prometheus and Alertmanager');
const mlflow = await startMlflow({
  directory: path.join(FOLDER, 'mlflow'),
  port: listen.mlflow,
  environment: {
    // Its webhooks go to the portal on this machine, which it would refuse otherwise.
    MLFLOW_WEBHOOK_ALLOWED_SCHEMES: 'http,https',
    MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: 'true',
  },
});
const watchers = await startStack({
  folder: path.join(FOLDER, 'prometheus'),
  ports: listen,
  scrapeSeconds: 2,
  targetsFile: path.join(ENGINE, 'prometheus', 'targets.json'),
  rules: RULES,
  webhook: { url: ingress('alertmanager'), secret },
});
await createWebhook({ url: mlflow.url, target: ingress('mlflow'), secret });
say(
  `MLflow: ${mlflow.url}  Prometheus: ${watchers.prometheus}  Alertmanager: ${watchers.alertmanager}`,
);

const portal = spawn(
  process.execPath,
  [
    path.join(ROOT, 'scripts', 'start.mjs'),
    '--config',
    'app-config.stack.yaml',
    ...process.argv.slice(2),
  ],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      SLIPWAY_STACK_SECRET: secret,
      SLIPWAY_DEMO: process.env.SLIPWAY_DEMO ?? 'stack',
    },
  },
);
const registering = new AbortController();
const [{ create }] = STACK_STORY;
void new Registrar({
  portal: new Portal(),
  name: create.name,
  python,
  trackingUri: mlflow.url,
  engine: ENGINE,
}).watch(registering.signal);

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // The portal ends its own; the servers outlive it so that it can end well.
  process.on(name, () => portal.kill(name));
}
portal.once('exit', async code => {
  registering.abort();
  await Promise.all([mlflow.stop(), watchers.stop()]);
  process.exit(code ?? 0);
});

/** The secret that the servers' webhooks carry, the same at every start. */
function keepSecret() {
  const file = path.join(FOLDER, 'secret');
  fs.mkdirSync(FOLDER, { recursive: true });
  if (!fs.existsSync(file)) {
    fs.writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  }
  return fs.readFileSync(file, 'utf8');
}
