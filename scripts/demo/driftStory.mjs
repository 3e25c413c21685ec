const ADA = ['Ada Okafor', 'ada.okafor@acme.example'];
const NAME = 'penguin-species';
const ISLAND = 'Torgersen';

const isHeldBack = row => row.split(',')[1] === ISLAND;

/** The rows of one island, and the header, as a file of their own. */
function heldBack(train) {
  const [header, ...rows] = train.split('\n');
  return `${[header, ...rows.filter(isHeldBack)].join('\n')}\n`;
}

/**
 * A model that was trained without one island, a rule that has it trained again when its features
 * drift, and a reviewer who approves. _Replay shifted rows_ sends that island's rows.
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
      message: `Hold the rows of ${ISLAND} back until they are checked, and follow drift`,
      author: ADA,
      changes: {
        'data/arriving.csv': (_, read) => heldBack(read('data/train.csv')),
        'data/train.csv': text =>
          text
            .split('\n')
            .filter(row => !isHeldBack(row))
            .join('\n'),
        'model.toml': text =>
          text.replace(
            /^(holdout = .*)$/m,
            '$1\narriving = "data/arriving.csv" # labelled rows that came in since',
          ),
        'catalog-info.yaml': text =>
          `${text.trimEnd()}
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
      reason: 'Trained on the islands whose rows are checked.',
    },
  },
];
