// A real Prometheus with its Alertmanager on loopback: for tests, and for a demonstration.
//
//   node scripts/stack/prometheus.mjs OPTIONS.json
//
// prints {"prometheus": URL, "alertmanager": URL} once both are ready, and ends them with itself,
// on SIGTERM or when its input ends. What the options are is said at startStack. With --check in
// place of the options, it only says what is missing, and ends with 1 where something is.
import { spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  createWriteStream,
  readFileSync,
} from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const APT_LINE =
  'apt-get install -y --no-install-recommends prometheus prometheus-alertmanager';

const HOST = '127.0.0.1';
const READY_MS = 30_000;
const GRACE_MS = 10_000;

/** The programs, by the names that Debian gives them; undefined for one that is not there. */
export function findPrograms(searchPath = process.env.PATH ?? '') {
  const find = name =>
    searchPath
      .split(path.delimiter)
      .map(folder => path.join(folder, name))
      .find(isExecutable);
  return {
    prometheus: find('prometheus'),
    alertmanager: find('prometheus-alertmanager'),
  };
}

/** What is missing and how to get it, in a sentence; undefined where nothing is. */
export function missingPrograms(programs = findPrograms()) {
  const missing = Object.keys(programs).filter(name => !programs[name]);
  return missing.length === 0
    ? undefined
    : `${missing.join(' and ')} not found on the PATH: ${APT_LINE}`;
}

/**
 * Writes the configuration of both into a folder, and starts them.
 *
 * @param options - `folder`; `ports`: `{ prometheus, alertmanager }`; `scrapeSeconds`; `targets`:
 *   as in a file_sd file; or `targetsFile`: such a file, kept by somebody else; `rules`: groups of
 *   rules; `webhook`: `{ url, secret }` of the receiver of alerts; `only`: which of the two
 *   to start, where somebody else starts the other; `tls`: `{ cert, key }`, files with which
 *   Prometheus serves HTTPS alone. Node has to trust that certificate (NODE_EXTRA_CA_CERTS).
 * @returns where they are, and how to end them. @throws Error that says what is missing, or why one
 *   did not get ready.
 */
export async function startStack(options) {
  const programs = findPrograms();
  const missing = missingPrograms(programs);
  if (missing) throw new Error(missing);
  const { folder, ports, only, tls } = options;
  const url = name =>
    `${tls && name === 'prometheus' ? 'https' : 'http'}://${HOST}:${ports[name]}`;
  await mkdir(folder, { recursive: true });
  await writeConfigs(options);
  const inFolder = name => path.join(folder, name);
  const started = [];
  const stop = async () => {
    await Promise.all(started.map(end));
  };
  try {
    const args = {
      alertmanager: [
        `--config.file=${inFolder('alertmanager.yml')}`,
        `--storage.path=${inFolder('alertmanager')}`,
        `--web.listen-address=${HOST}:${ports.alertmanager}`,
        `--web.external-url=${url('alertmanager')}`,
        // Keeps it off the network: it would look for others to form a cluster with.
        '--cluster.listen-address=',
      ],
      prometheus: [
        `--config.file=${inFolder('prometheus.yml')}`,
        `--storage.tsdb.path=${inFolder('prometheus')}`,
        `--web.listen-address=${HOST}:${ports.prometheus}`,
        `--web.external-url=${url('prometheus')}`,
        ...(tls ? [`--web.config.file=${inFolder('web.yml')}`] : []),
      ],
    };
    await Promise.all(
      (only ? [only] : ['alertmanager', 'prometheus']).map(name => {
        const one = run(programs[name], inFolder(`${name}.log`), args[name]);
        started.push(one);
        return ready(one, url(name));
      }),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    prometheus: url('prometheus'),
    alertmanager: url('alertmanager'),
    stop,
  };
}

async function writeConfigs({
  folder,
  ports,
  scrapeSeconds = 5,
  targets = [],
  targetsFile = path.join(folder, 'targets.json'),
  rules = [],
  webhook,
  tls,
}) {
  // JSON is YAML.
  const write = (name, content) =>
    writeFile(path.join(folder, name), JSON.stringify(content, null, 2), {
      // It holds the webhook's secret.
      mode: 0o600,
    });
  if (targetsFile === path.join(folder, 'targets.json')) {
    await write('targets.json', targets);
  }
  await write('rules.yml', { groups: rules });
  if (tls) {
    await write('web.yml', {
      tls_server_config: { cert_file: tls.cert, key_file: tls.key },
    });
  }
  await write('prometheus.yml', {
    global: {
      scrape_interval: `${scrapeSeconds}s`,
      scrape_timeout: `${scrapeSeconds}s`,
      evaluation_interval: `${scrapeSeconds}s`,
    },
    rule_files: [path.join(folder, 'rules.yml')],
    alerting: {
      alertmanagers: [
        { static_configs: [{ targets: [`${HOST}:${ports.alertmanager}`] }] },
      ],
    },
    scrape_configs: [
      {
        job_name: 'models',
        file_sd_configs: [{ files: [targetsFile], refresh_interval: '5s' }],
      },
    ],
  });
  await write('alertmanager.yml', {
    route: {
      receiver: 'slipway',
      group_by: ['alertname', 'model', 'environment'],
      group_wait: '0s',
      group_interval: '2s',
      repeat_interval: '1h',
    },
    receivers: [
      {
        name: 'slipway',
        webhook_configs: webhook
          ? [
              {
                url: webhook.url,
                send_resolved: true,
                http_config: {
                  authorization: {
                    type: 'Bearer',
                    credentials: webhook.secret,
                  },
                },
              },
            ]
          : [],
      },
    ],
  });
}

function run(program, logFile, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const started = { child, logFile, ended: false };
  started.exit = new Promise(resolve => {
    child.once('error', resolve);
    child.once('close', resolve);
  }).then(() => {
    started.ended = true;
  });
  return started;
}

async function ready(started, url) {
  const deadline = Date.now() + READY_MS;
  while (!started.ended && Date.now() < deadline) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(50);
  }
  throw new Error(
    `${path.basename(started.logFile, '.log')} at ${url} did not get ready:\n${readFileSync(
      started.logFile,
      'utf8',
    )
      .split('\n')
      .slice(-5)
      .join('\n')}`,
  );
}

async function end(started) {
  if (started.ended) return;
  started.child.kill('SIGTERM');
  const timer = setTimeout(() => started.child.kill('SIGKILL'), GRACE_MS);
  await started.exit;
  clearTimeout(timer);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (process.argv[2] === '--check') {
      const missing = missingPrograms();
      if (missing) throw new Error(missing);
      process.exit();
    }
    const options = JSON.parse(readFileSync(process.argv[2], 'utf8'));
    const { stop, ...urls } = await startStack(options);
    const leave = () => stop().then(() => process.exit(0));
    process.once('SIGTERM', leave);
    process.once('SIGINT', leave);
    process.stdin.once('end', leave).resume();
    process.stdout.write(`${JSON.stringify(urls)}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
