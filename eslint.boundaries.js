/**
 * The one direction in which code may import, as two tables and the ESLint
 * rules made of them. A package or a backend folder that is not in its table
 * is not restricted, so a new one gets its line here.
 */

const path = require('node:path');

const common = 'plugins/model-delivery-common';
const node = 'plugins/model-delivery-node';
const frontend = 'plugins/model-delivery';
const backend = 'plugins/model-delivery-backend';
const modules = [
  'plugins/model-delivery-backend-module-local',
  'plugins/model-delivery-backend-module-github',
  'plugins/model-delivery-backend-module-gitlab',
  'plugins/model-delivery-backend-module-mlflow',
  'plugins/model-delivery-backend-module-prometheus',
  'plugins/catalog-backend-module-model-delivery',
  'plugins/scaffolder-backend-module-model-delivery',
  'plugins/scorecard-backend-module-model-delivery',
  // What an author outside this repository would write, with what such a one can import.
  'packages/example-provider',
];

/** What of this repository a package may import besides itself. */
const packageImports = {
  [common]: [],
  [node]: [common],
  [frontend]: [common],
  [backend]: [common, node],
  ...Object.fromEntries(modules.map(module => [module, [common, node]])),
};

/** The packages that a test may boot besides, to see the parts together. */
const testImports = Object.fromEntries(
  modules.map(module => [
    module,
    [backend, ...modules.filter(other => other !== module)],
  ]),
);

/**
 * What of the backend a folder of its `src` may import besides itself.
 * `plugin.ts` wires and may import everything.
 */
const sources = ['calendar', 'database', 'providers'];
/** Services of one layer, and the few that they import of each other: docs/architecture.md says why. */
const services = {
  aggregation: [],
  delivery: [],
  dossier: [],
  // Requests deployments and roll backs, and compares versions as pages do.
  feedback: ['aggregation', 'delivery'],
  impact: [],
  // Reads answers of providers as sync does.
  onboarding: ['sync'],
  retention: [],
  sync: [],
};
const backendImports = {
  routes: [...Object.keys(services), 'policy', ...sources],
  ...Object.fromEntries(
    Object.entries(services).map(([service, others]) => [
      service,
      [...others, 'policy', ...sources],
    ]),
  ),
  // Calls the REST API like any other client.
  actions: [],
  telemetry: [],
  calendar: ['policy'],
  database: [],
  providers: ['policy'],
  policy: [],
};

const packageZones = (extra = {}) =>
  Object.entries(packageImports).flatMap(([target, allowed]) => {
    const except = [target, ...allowed, ...(extra[target] ?? [])];
    const within = folder =>
      except
        .filter(dir => path.dirname(dir) === folder)
        .map(dir => `./${path.basename(dir)}`);
    const message = `${target} imports only: ${
      except.slice(1).join(', ') || 'no other package of this repository'
    }.`;
    return [
      {
        target: `./${target}`,
        from: './plugins',
        except: within('plugins'),
        message,
      },
      {
        target: `./${target}`,
        from: './packages',
        except: within('packages'),
        message,
      },
    ];
  });

const backendZones = Object.entries(backendImports).map(
  ([folder, allowed]) => ({
    target: `./${backend}/src/${folder}`,
    from: `./${backend}/src`,
    except: [folder, ...allowed].map(name => `./${name}`),
    message: `${folder}/ imports only: ${
      allowed.map(name => `${name}/`).join(', ') || 'nothing of the backend'
    }.`,
  }),
);

/** Policy decides on what it is given: no libraries, no clock, no chance. */
const policyZones = [
  {
    target: `./${backend}/src/policy`,
    from: './plugins',
    except: [`./${path.basename(backend)}`, `./${path.basename(common)}`],
    message: 'policy/ imports only the common package.',
  },
  {
    target: `./${backend}/src/policy`,
    from: './node_modules',
    message: 'policy/ imports only the common package.',
  },
];

const noRestrictedPaths = zones => ['error', { basePath: __dirname, zones }];

const tests = [
  '**/*.test.ts',
  '**/*.test.tsx',
  '**/__testUtils__/**',
  '**/src/setupTests.ts',
];

const importRules = {
  plugins: ['import'],
  settings: {
    'import/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    // The default resolver knows neither `exports` nor TypeScript, and an
    // import that cannot be resolved is an import that is not checked.
    'import/resolver': {
      typescript: { project: require.resolve('./tsconfig.json') },
    },
  },
  rules: {
    'import/no-restricted-paths': noRestrictedPaths([
      ...packageZones(),
      ...backendZones,
      ...policyZones,
    ]),
  },
  overrides: [
    {
      files: [`${backend}/src/policy/**`],
      excludedFiles: tests,
      rules: {
        'import/no-nodejs-modules': 'error',
        'no-restricted-globals': [
          'error',
          ...['process', 'fetch', 'console', 'setTimeout', 'setInterval'],
        ],
        'no-restricted-properties': [
          'error',
          { object: 'Date', property: 'now' },
          { object: 'Math', property: 'random' },
        ],
      },
    },
    {
      files: tests,
      rules: {
        'import/no-restricted-paths': noRestrictedPaths(
          packageZones(testImports),
        ),
      },
    },
  ],
};

module.exports = { importRules };
