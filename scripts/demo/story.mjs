const ADA = ['Ada Okafor', 'ada.okafor@acme.example'];
const JONAS = ['Jonas Lindqvist', 'jonas.lindqvist@acme.example'];

const swap = (from, to) => text => text.replace(from, to);

/**
 * What happened before the newcomer came: two models, each made from the template, then changed by
 * people. A `promote` waits until that version is live in staging.
 */
export const STORY = [
  {
    create: {
      name: 'penguin-species',
      description: "Tells a penguin's species from its measurements",
      owner: 'group:default/ml-platform',
      reviewers: 'group:default/ml-reviewers',
      system: 'system:default/research',
      dataset: 'palmer-penguins',
      framework: 'python-stdlib',
      host: 'local',
    },
  },
  {
    promote: {
      name: 'penguin-species',
      version: '0.1.0',
      reason: 'The first version that is good enough for the field guide.',
    },
  },
  {
    create: {
      name: 'seattle-temperature',
      description: "Forecasts tomorrow's maximum temperature in Seattle",
      owner: 'group:default/product',
      system: 'system:default/city-operations',
      dataset: 'seattle-weather',
      framework: 'python-stdlib',
      host: 'local',
    },
  },
  {
    commit: {
      name: 'penguin-species',
      file: 'model.toml',
      message: 'Trust the rows a little more',
      author: ADA,
      change: swap(/^l2 = 0\.01\b/m, 'l2 = 0.005'),
    },
  },
  {
    promote: {
      name: 'penguin-species',
      version: '0.2.0',
      reason: 'Level on accuracy, and the probabilities are sharper.',
    },
  },
  {
    commit: {
      name: 'penguin-species',
      file: 'model.toml',
      message: 'Leave out the bill length, which is hard to measure',
      author: JONAS,
      change: swap(/^ {2}"bill_length_mm",\n/m, ''),
    },
  },
  {
    commit: {
      name: 'seattle-temperature',
      file: 'catalog-info.yaml',
      message: 'Say which API the forecast is served by',
      author: ADA,
      change: swap(
        /^ {2}pipelines:$/m,
        '  providesApis: [seattle-weather-api]\n  pipelines:',
      ),
    },
  },
];
