import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { STATE } from '../launcher/paths.mjs';

/** A clone in which the demo's people work. */
export class WorkingCopy {
  constructor(name, cloneUrl) {
    this.folder = path.join(STATE, 'demo', name);
    if (!fs.existsSync(this.folder)) {
      fs.mkdirSync(path.dirname(this.folder), { recursive: true });
      git(path.dirname(this.folder), ['clone', '--quiet', cloneUrl, name]);
    }
  }

  /** Whether a commit with this message is on main already. */
  has(message) {
    git(this.folder, ['pull', '--quiet', '--ff-only']);
    return git(this.folder, ['log', '--format=%s'])
      .split('\n')
      .includes(message);
  }

  /**
   * Changes a file, commits as somebody and pushes. Low priority: what a person pushes meanwhile
   * runs first.
   */
  commit({ file, change, message, author }) {
    const target = path.join(this.folder, file);
    const before = fs.readFileSync(target, 'utf8');
    const after = change(before);
    if (after === before) {
      throw new Error(`"${message}" changes nothing in ${file}`);
    }
    fs.writeFileSync(target, after);
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
