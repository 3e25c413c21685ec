import {
  countCheck,
  countJest,
  countNode,
  countPlaywright,
} from './counts.mjs';

const check = (name, command) => ({
  name,
  command,
  count: (_, exitCode) => countCheck(exitCode),
});

/** What `npm test` runs, begun in this order and two side by side. `npm test -- unit lint` runs some of it. */
export const STAGES = [
  check('format', ['yarn', 'prettier:check']),
  check('types', ['yarn', 'tsc']),
  check('lint', ['yarn', 'lint:all']),
  check('unused', ['yarn', 'knip']),
  check('packages', [
    'yarn',
    'backstage-cli',
    'repo',
    'fix',
    '--publish',
    '--check',
  ]),
  check('config', ['yarn', 'backstage-cli', 'config:check', '--lax']),
  {
    name: 'scripts',
    command: [
      'node',
      '--test',
      'scripts/testing/counts.test.mjs',
      'scripts/testing/runCommand.test.mjs',
      'scripts/testing/runStages.test.mjs',
      'scripts/testing/style.test.mjs',
      'scripts/demo/interrupted.test.mjs',
      'scripts/freshApp/copies.test.mjs',
      'scripts/freshApp/packages.test.mjs',
    ],
    count: countNode,
  },
  {
    name: 'unit',
    alone: true,
    needsPostgres: true,
    command: ['yarn', 'test:unit', '--watchAll=false', '--maxWorkers=3'],
    count: countJest,
  },
  {
    name: 'browser',
    command: ['yarn', 'playwright', 'test', '--config', 'packages/end-to-end'],
    count: countPlaywright,
  },
  {
    name: 'generated',
    command: [
      'node',
      '--test',
      'templates/model-project/tests/files.test.mjs',
      'templates/model-project/tests/generated.test.mjs',
    ],
    count: countNode,
  },
  {
    name: 'system',
    command: [
      'node',
      '--test',
      '--test-concurrency=1',
      'packages/end-to-end/system/delivery.test.mjs',
      'packages/end-to-end/system/crash.test.mjs',
    ],
    count: countNode,
  },
  {
    name: 'real-systems',
    command: [
      'yarn',
      'playwright',
      'test',
      '--config',
      'packages/end-to-end/real-systems',
    ],
    count: countPlaywright,
  },
  {
    name: 'benchmarks',
    command: ['node', '--test', 'packages/benchmarks/src/quick.test.mjs'],
    count: countNode,
  },
  {
    name: 'api',
    command: ['node', '--test', 'packages/end-to-end/api/conformance.test.mjs'],
    count: countNode,
  },
];
