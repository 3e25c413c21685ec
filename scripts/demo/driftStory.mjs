const ADA = ['Ada Okafor', 'ada.okafor@acme.example'];
const NAME = 'penguin-species';
const ISLAND = 'Dream';
/** Of so many rows of the island, one is in the data: with fewer, a species of it would have too few. */
const KEPT_OF = 3;

/** The rows of a CSV file that are kept, and those of the island that are held back. */
function part(text) {
  const [header, ...rows] = text.trimEnd().split('\n');
  let ofIsland = 0;
  const isKept = rows.map(row => {
    if (row.split(',')[1] !== ISLAND) return true;
    ofIsland += 1;
    return ofIsland % KEPT_OF === 1;
  });
  return {
    header,
    kept: rows.filter((_, index) => isKept[index]),
    heldBack: rows.filter((_, index) => !isKept[index]),
  };
}

const keep = text => {
  const { header, kept } = part(text);
  return `${[header, ...kept].join('\n')}\n`;
};

/**
 * A model whose data has few birds of one island, a rule that has it trained again when its features
 * drift, and a reviewer who approves. _Replay shifted rows_ sends the others of that island, with
 * their labels, so that the monitor of accuracy shows how the live version does on them.
 */
export const DRIFT_STORY = [
  {
    create: {
      name: NAME,
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
    commit: {
      name: NAME,
      message: `Hold most rows of ${ISLAND} back until they are checked, and follow drift`,
      author: ADA,
      changes: {
        'data/arriving.csv': (_, read) => {
          const train = part(read('data/train.csv'));
          const holdout = part(read('data/holdout.csv'));
          const rows = [...train.heldBack, ...holdout.heldBack];
          return `${[train.header, ...rows].join('\n')}\n`;
        },
        'data/train.csv': keep,
        'data/holdout.csv': keep,
        'model.toml': text =>
          text.replace(
            /^(holdout = .*)$/m,
            '$1\narriving = "data/arriving.csv" # labelled rows that came in since',
          ),
        'catalog-info.yaml': text =>
          `${text.trimEnd()}
    - name: accuracy # of the labels that come back for predictions
      signal: quality
      environment: production
      source: { provider: local }
      quality: { metric: accuracy, window: 1h, minLabels: 30 }
      warning: { below: 0.9 }
  feedback:
    - when: { monitor: drift, is: warning, count: 2, of: 3 }
      then: retrain
`,
      },
    },
  },
  {
    promote: {
      name: NAME,
      version: '0.2.0',
      reason: 'Trained on the rows that are checked.',
    },
  },
];
