const ADA = ['Ada Okafor', 'ada.okafor@acme.example'];
const NAME = 'penguin-species';
const TEMPLATES = [
  'availability',
  'latency-p95',
  'error-rate',
  'prediction-mix',
];

/** The entity of a project whose versions are in MLflow and which Prometheus watches. */
function onRealServers(text) {
  return TEMPLATES.reduce(
    (entity, template) =>
      entity.replace(
        new RegExp(
          `(- name: ${template}\\b[^]*?source: \\{ provider: )local \\}`,
        ),
        `$1prometheus, template: ${template} }`,
      ),
    text.replace(/^( {2}versions: \{ provider: )local\b/m, '$1mlflow'),
  );
}

/** One model, made from the template, whose versions and monitors are then moved to real servers. */
export const STACK_STORY = [
  {
    create: {
      name: NAME,
      description: "Tells a penguin's species from its measurements",
      owner: 'group:default/ml-platform',
      system: 'system:default/research',
      dataset: 'palmer-penguins',
      framework: 'python-stdlib',
      host: 'local',
    },
  },
  {
    commit: {
      name: NAME,
      file: 'catalog-info.yaml',
      message: 'Keep versions in MLflow, and let Prometheus watch',
      author: ADA,
      change: onRealServers,
    },
  },
  {
    promote: {
      name: NAME,
      version: '1',
      reason: 'The first version that is good enough for the field guide.',
    },
  },
];
