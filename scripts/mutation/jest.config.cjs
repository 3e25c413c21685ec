const path = require('node:path');

/** The tests of what is mutated, with the transform of Backstage. */
module.exports = {
  rootDir: path.resolve(__dirname, '../..'),
  roots: [__dirname],
  testMatch: ['**/rules.test.cjs'],
  testEnvironment: 'node',
  transform: {
    '\\.ts$': [
      require.resolve('@backstage/cli/config/jestSwcTransform'),
      { jsc: { parser: { syntax: 'typescript' } } },
    ],
  },
};
