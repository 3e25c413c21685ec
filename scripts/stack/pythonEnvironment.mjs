import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { findPython } from '../launcher/prerequisites.mjs';
import { withLock } from './lock.mjs';

const run = promisify(execFile);
const OPTIONS = { maxBuffer: 16 * 1024 * 1024 };

/**
 * A Python environment with what is asked for, made once: later calls find it ready. Nothing is
 * installed outside its folder. Several processes may ask at once.
 *
 * @param folder - where it is kept; made beside it and moved there when it is whole.
 * @param requirements - as pip takes them.
 * @param say - told what is being done, where anything is.
 * @returns the path of its Python.
 * @throws Error with a sentence, where Python or the packages cannot be had.
 */
export async function ensurePythonEnvironment({ folder, requirements, say }) {
  const python = path.join(folder, 'bin', 'python');
  const stamp = path.join(folder, 'requirements.txt');
  const wanted = `${requirements.join('\n')}\n`;
  const ready = () =>
    fs.existsSync(python) &&
    fs.existsSync(stamp) &&
    fs.readFileSync(stamp, 'utf8') === wanted;
  if (ready()) return python;
  return await withLock(`${folder}.lock`, async () => {
    if (ready()) return python;
    const base = findPython();
    if (!base) {
      throw new Error(
        'Python 3.11 or newer is missing: install it, for example with "apt-get install python3 python3-venv", or from https://www.python.org.',
      );
    }
    say(`Installing ${requirements.join(', ')} into ${folder} (once)`);
    fs.rmSync(folder, { recursive: true, force: true });
    try {
      await install({ base, folder, python, requirements, say });
    } catch (error) {
      fs.rmSync(folder, { recursive: true, force: true });
      throw new Error(
        `${requirements.join(', ')} cannot be installed from PyPI: ${lastLines(error)}`,
        { cause: error },
      );
    }
    fs.writeFileSync(stamp, wanted);
    return python;
  });
}

async function install({ base, folder, python, requirements, say }) {
  const uv = await findUv(base, path.dirname(folder), say);
  if (uv) {
    await run(uv, ['venv', '--quiet', '--python', base, folder], OPTIONS);
    await run(
      uv,
      ['pip', 'install', '--quiet', '--python', python, ...requirements],
      OPTIONS,
    );
    return;
  }
  await run(base, ['-m', 'venv', folder], OPTIONS);
  await run(
    python,
    ['-m', 'pip', 'install', '--quiet', ...requirements],
    OPTIONS,
  );
}

/** The machine's uv, or one of our own from PyPI; null where neither can be had. */
async function findUv(base, tools, say) {
  const own = path.join(tools, 'uv', 'bin', 'uv');
  for (const candidate of ['uv', own]) {
    const found = await run(candidate, ['--version']).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  try {
    return await withLock(path.join(tools, 'uv.lock'), async () => {
      if (fs.existsSync(own)) return own;
      const folder = path.join(tools, 'uv');
      await run(base, ['-m', 'venv', folder], OPTIONS);
      await run(
        path.join(folder, 'bin', 'python'),
        ['-m', 'pip', 'install', '--quiet', 'uv'],
        OPTIONS,
      );
      return own;
    });
  } catch {
    say('uv cannot be had; pip takes a minute longer');
    return null;
  }
}

function lastLines(error) {
  const text = String(error.stderr || error.message).trim();
  return text.split('\n').slice(-3).join(' ').slice(0, 500);
}
