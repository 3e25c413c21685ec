import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TOOLS } from '../../../scripts/launcher/paths.mjs';
import { say } from '../../../scripts/launcher/say.mjs';
import { ensurePythonEnvironment } from '../../../scripts/stack/pythonEnvironment.mjs';

const VERSION = '4.32.5';

/** Schemathesis in an environment of its own, made once. */
export async function ensureSchemathesis() {
  const python = await ensurePythonEnvironment({
    folder: path.join(TOOLS, `schemathesis-${VERSION}`),
    requirements: [`schemathesis==${VERSION}`],
    say,
  });
  return path.join(path.dirname(python), 'schemathesis');
}

/**
 * Sends requests that an OpenAPI document describes, and requests that it does not.
 *
 * @param {{
 *   program: string,
 *   url: string,
 *   document: string,
 *   token?: string,
 *   config: string,
 *   checks: string[],
 *   phases: string[],
 *   examples: number,
 * }} options - `document` is a file; `config` is the text of a schemathesis.toml.
 * @returns the number of requests, and everything that Schemathesis printed.
 * @throws Error with what Schemathesis printed, where a check failed.
 */
export async function runSchemathesis(options) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slipway-api-'));
  const config = path.join(folder, 'schemathesis.toml');
  fs.writeFileSync(config, options.config);
  const args = [
    ['--no-color', '--config-file', config, 'run', options.document],
    ['--url', options.url],
    options.token ? ['--header', `Authorization: Bearer ${options.token}`] : [],
    ['--checks', options.checks.join(',')],
    ['--phases', options.phases.join(',')],
    ['--mode', 'all', '--max-examples', String(options.examples)],
    // The same requests each time, so that a failure can be repeated.
    ['--seed', '1', '--generation-deterministic', '--continue-on-failure'],
    ['--suppress-health-check', 'all', '--warnings', 'off'],
  ].flat();
  try {
    const output = await new Promise((resolve, reject) => {
      execFile(
        options.program,
        args,
        { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) =>
          error
            ? reject(new Error(`${error.message}\n${stdout}\n${stderr}`))
            : resolve(stdout),
      );
    });
    const [, requests] = /^ *(\d+) generated/m.exec(output) ?? [];
    return { requests: Number(requests ?? 0), output };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
