module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  // A module is tested in the backend it is made for.
  testRules: { '@backstage/no-mixed-plugin-imports': 'off' },
});
