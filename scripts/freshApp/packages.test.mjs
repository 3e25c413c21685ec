import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPackages } from './packages.mjs';

const packed = (manifest, files) => [
  { manifest: { name: '@slipway/plugin-x', ...manifest }, files },
];

test('a package of which all that is named is packed may be published', () => {
  checkPackages(
    packed(
      {
        main: 'dist/index.cjs.js',
        exports: {
          '.': {
            backstage: '@backstage/BackendFeature',
            require: './dist/index.cjs.js',
          },
          './package.json': './package.json',
        },
        configSchema: 'config.schema.json',
        dependencies: { '@slipway/plugin-y': '^0.1.0' },
      },
      ['./dist/index.cjs.js', './package.json', './config.schema.json'],
    ),
  );
});

test('an entry point that was not packed is named', () => {
  assert.throws(
    () =>
      checkPackages(
        packed({ exports: { './http': { types: './dist/http.d.ts' } } }, []),
      ),
    /@slipway\/plugin-x: \.\/dist\/http\.d\.ts is named but not packed/,
  );
});

test('a range that only this repository understands is named', () => {
  assert.throws(
    () =>
      checkPackages(
        packed({ dependencies: { '@slipway/plugin-y': 'workspace:^' } }, []),
      ),
    /@slipway\/plugin-x: depends on @slipway\/plugin-y at workspace:\^/,
  );
});

test('nothing packed is not all packed', () => {
  assert.throws(() => checkPackages([]), /no package was packed/);
});
