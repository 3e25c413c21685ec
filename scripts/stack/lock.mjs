import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 20 * 60_000;
const LOOK_MS = 200;

/**
 * Runs `work` while no other process holds the same lock: a folder whose creation either succeeds
 * or fails. One that a process left when it died is taken over.
 */
export async function withLock(folder, work) {
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const deadline = Date.now() + PATIENCE_MS;
  while (!take(folder)) {
    if (isLeftBehind(folder)) {
      fs.rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `${folder} is held by another process for too long; remove it if there is none.`,
      );
    }
    await delay(LOOK_MS);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function take(folder) {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  fs.writeFileSync(path.join(folder, 'pid'), String(process.pid));
  return true;
}

function isLeftBehind(folder) {
  try {
    process.kill(
      Number(fs.readFileSync(path.join(folder, 'pid'), 'utf8')) || process.pid,
      0,
    );
    return false;
  } catch (error) {
    // Without the file, its owner is between two calls.
    return error.code === 'ESRCH';
  }
}
