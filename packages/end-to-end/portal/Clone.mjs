import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** A person's clone of a model repository. */
export class Clone {
  constructor(cloneUrl, folder) {
    this.folder = folder;
    execFileSync('git', ['clone', '--quiet', cloneUrl, folder]);
  }

  /** Changes a file; the next push takes it along. */
  edit(file, change) {
    const target = path.join(this.folder, file);
    const before = fs.readFileSync(target, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${file} stays as it was`);
    fs.writeFileSync(target, after);
  }

  /** Changes a file, commits all that was changed and pushes to main; answers the commit. */
  push(file, change, message) {
    this.edit(file, change);
    this.#git('commit', '--quiet', '--all', '--message', message);
    this.#git('push', '--quiet', 'origin', 'main');
    return this.#git('rev-parse', 'HEAD').trim();
  }

  #git(...args) {
    return execFileSync(
      'git',
      ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', ...args],
      { cwd: this.folder, encoding: 'utf8' },
    );
  }
}
