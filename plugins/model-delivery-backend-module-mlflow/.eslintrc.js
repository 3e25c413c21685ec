module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  // A module is tested in the backend it is made for.
  testRules: { '@backstage/no-mixed-plugin-imports': 'off' },
  overrides: [
    {
      // Suites that share one server: registry.test.ts declares them.
      files: ['src/*/__testUtils__/*Tests.ts'],
      rules: { 'jest/no-export': 'off' },
    },
  ],
});
