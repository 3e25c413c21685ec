/**
 * Mutation tests of the rules that decide on a delivery. Each mutant is a small change of the source
 * that a test should notice; the score is the share that one does.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: [
    'plugins/model-delivery-backend/src/policy/**/*.ts',
    'plugins/model-delivery-common/src/delivery/stateMachine.ts',
    '!**/*.test.ts',
    '!**/__testUtils__/**',
  ],
  testRunner: 'jest',
  jest: {
    configFile: 'scripts/mutation/jest.config.cjs',
    // The coverage of each test says which ones a mutant needs.
    enableFindRelatedTests: false,
  },
  coverageAnalysis: 'perTest',
  // Only what the two folders need is copied for the run.
  ignorePatterns: [
    '**',
    '!package.json',
    '!tsconfig.json',
    '!docs/architecture.md',
    '!scripts/mutation/**',
    '!plugins/model-delivery-backend/package.json',
    '!plugins/model-delivery-backend/src/policy/**',
    '!plugins/model-delivery-common/package.json',
    '!plugins/model-delivery-common/src/**',
  ],
  tempDirName: '.slipway/mutation',
  incremental: false,
  concurrency: 1,
  timeoutMS: 30_000,
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  jsonReporter: { fileName: '.slipway/mutation-report.json' },
  htmlReporter: { fileName: '.slipway/mutation-report.html' },
  clearTextReporter: { allowColor: false, logTests: false },
  thresholds: { high: 90, low: 80, break: 80 },
};
