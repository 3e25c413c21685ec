import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../launcher/paths.mjs';

/** Phrases that docs/style.md replaced, and figures of speech that it forbids. */
const REPLACED = [
  /costs itself/i,
  /is told until/i,
  /\buntil it heard\b/i,
  /its one condition is met/i,
  /nothing moved for/i,
  /a hint of a change was lost/i,
  /no source that is installed can say/i,
  /what was where/i,
  /\bask production\b/i,
  /nothing that is connected/i,
  /\btake(n)? back\b/i,
  /says no longer/i,
  /no longer says/i,
  /a gate said no/i,
  /a gate says no/i,
  /\b(was|were|is|be) told\b/i,
  /\bwhoever\b/i,
  /\bItemByItem\b/,
  /\bgatesOf\b/,
  /\bwhyNot\b/,
  /\bforPeople\b/,
  /\blooking\w*Ms\b/,
];

/** Where people read: the sources of pages and servers, and the docs. */
const READ = /\.(tsx?|mjs|md|yaml)$/;
const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard'],
  { cwd: ROOT, encoding: 'utf8' },
)
  .split('\n')
  .filter(file => READ.test(file) && fs.existsSync(path.join(ROOT, file)))
  .filter(file => file !== 'scripts/testing/style.test.mjs');

for (const phrase of REPLACED) {
  test(`no text has ${phrase}`, () => {
    const found = files.flatMap(file =>
      fs
        .readFileSync(path.join(ROOT, file), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          phrase.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
        ),
    );
    assert.deepEqual(found, []);
  });
}
