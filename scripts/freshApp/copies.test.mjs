import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backstageVersions, secondCopies } from './copies.mjs';

const locked = versions =>
  backstageVersions(
    versions
      .map(
        ([name, version]) =>
          `"${name}@npm:^${version}, ${name}@npm:^0.0.1":\n  version: ${version}\n  resolution: "${name}@npm:${version}"\n`,
      )
      .join('\n'),
  );

test('a package that keeps its version has no second copy', () => {
  const host = locked([['@backstage/ui', '0.18.0']]);
  assert.deepEqual(secondCopies(host, host), []);
});

test('a version that was added beside another is named', () => {
  assert.deepEqual(
    secondCopies(
      locked([['@backstage/ui', '0.18.0']]),
      locked([
        ['@backstage/ui', '0.18.0'],
        ['@backstage/ui', '0.20.0'],
      ]),
    ),
    ['@backstage/ui: 0.20.0 beside 0.18.0'],
  );
});

test('two versions that the app had before are not blamed on our packages', () => {
  const host = locked([
    ['@backstage/plugin-events-node', '0.4.26'],
    ['@backstage/plugin-events-node', '0.5.0'],
  ]);
  assert.deepEqual(secondCopies(host, host), []);
});

test('a package that is new to the app may come once, not twice', () => {
  const once = locked([['@backstage/ui', '0.20.0']]);
  const twice = locked([
    ['@backstage/ui', '0.18.0'],
    ['@backstage/ui', '0.20.0'],
  ]);
  assert.deepEqual(secondCopies(locked([]), once), []);
  assert.deepEqual(secondCopies(locked([]), twice), [
    '@backstage/ui: 0.20.0 beside 0.18.0',
  ]);
});

test('packages of others are not counted', () => {
  assert.equal(locked([['@material-ui/core', '4.12.2']]).size, 0);
});
