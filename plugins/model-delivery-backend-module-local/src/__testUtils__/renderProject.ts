import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ProjectFile } from '@slipway/plugin-model-delivery-node';

const template = path.resolve(__dirname, '../../../../templates/model-project');

/** Renders the real template into a folder. */
export async function renderProject(
  folder: string,
  values: Record<string, string>,
): Promise<void> {
  await promisify(execFile)(process.execPath, [
    path.join(template, 'tests/render.mjs'),
    folder,
    ...Object.entries(values).map(([name, value]) => `${name}=${value}`),
  ]);
}

/** The files of a folder, as a project is created from them. */
export async function readProject(folder: string): Promise<ProjectFile[]> {
  const entries = await fs.readdir(folder, {
    recursive: true,
    withFileTypes: true,
  });
  return await Promise.all(
    entries
      .filter(entry => entry.isFile())
      .map(async entry => {
        const file = path.join(entry.parentPath, entry.name);
        return {
          path: path.relative(folder, file).split(path.sep).join('/'),
          content: await fs.readFile(file),
          executable: ((await fs.stat(file)).mode & 0o100) !== 0,
        };
      }),
  );
}
