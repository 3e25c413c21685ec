module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  testRules: {
    // Also by a helper, by fast-check, and by the request of supertest.
    'jest/expect-expect': [
      'warn',
      { assertFunctionNames: ['expect*', 'fc.assert', '**.expect'] },
    ],
  },
});
