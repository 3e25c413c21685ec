import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { ProcessRecords } from './ProcessRecords';

describe('ProcessRecords', () => {
  it('ends a child that it cannot record, since nobody would find it after a crash', async () => {
    const records = new ProcessRecords(path.join(os.tmpdir(), 'is-not-there'));
    const child = spawn('sleep', ['600'], { detached: true });
    const ended = once(child, 'exit');
    expect(() =>
      records.add(child.pid!, { kind: 'job', owner: 'run/job' }),
    ).toThrow('ENOENT');
    expect(await ended).toEqual([null, 'SIGKILL']);
  });
});
