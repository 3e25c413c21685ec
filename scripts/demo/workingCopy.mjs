import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { STATE } from '../launcher/paths.mjs';

/** A clone in which the demo's people work. */
export class WorkingCopy {
  constructor(name, cloneUrl) {
    this.folder = path.join(STATE, 'demo', name);
    if (!fs.existsSync(this.folder)) {
      const parent = path.dirname(this.folder);
      fs.mkdirSync(parent, { recursive: true });
      // Whole or not at all, whenever the portal is stopped.
      const unfinished = fs.mkdtempSync(path.join(parent, '.clone-'));
      git(parent, ['clone', '--quiet', cloneUrl, unfinished]);
      fs.renameSync(unfinished, this.folder);
    }
  }

  /**
   * Whether a commit with this message is on main already. What was not pushed before the portal
   * stopped is dropped, to be done anew.
   */
  has(message) {
    git(this.folder, ['fetch', '--quiet']);
    git(this.folder, ['reset', '--quiet', '--hard', '@{upstream}']);
    return git(this.folder, ['log', '--format=%s'])
      .split('\n')
      .includes(message);
  }

  /**
   * Changes files, commits as somebody and pushes. Low priority: what a person pushes meanwhile
   * runs first.
   */
  commit({ file, change, changes = { [file]: change }, message, author }) {
    const read = name => {
      const target = path.join(this.folder, name);
      return fs.existsSync(target) ? fs.readFileSync(target, 'utf8') : '';
    };
    for (const [name, changeOne] of Object.entries(changes)) {
      const before = read(name);
      const after = changeOne(before, read);
      if (after === before) {
        throw new Error(`"${message}" changes nothing in ${name}`);
      }
      fs.writeFileSync(path.join(this.folder, name), after);
    }
    git(this.folder, ['add', '--all']);
    const [name, email] = author;
    git(this.folder, [
      '-c',
      `user.name=${name}`,
      '-c',
      `user.email=${email}`,
      'commit',
      '--quiet',
      '--all',
      '--message',
      message,
    ]);
    git(this.folder, ['push', '--quiet', '-o', 'slipway.priority=low']);
  }
}

function git(cwd, args) {
  return execFileSync('git', args, { cwd, encoding: 'utf8' });
}
