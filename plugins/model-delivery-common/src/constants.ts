/** The catalog kind that Slipway adds. */
export const MODEL_KIND = 'MLModel';
export const MODEL_API_VERSION = 'model-delivery/v1alpha1';

/** `spec.type` of a Component or Resource that is treated as a model. */
export const MODEL_TYPES = ['ml-model', 'ai-model'] as const;

/** Annotations by which a Component or Resource says what an MLModel says in its spec. */
export const ANNOTATION_PIPELINES = 'model-delivery/pipelines';
export const ANNOTATION_VERSIONS = 'model-delivery/versions';

/** Annotations that a dossier quotes: what a model is for, and its class in a risk scheme. */
export const ANNOTATION_INTENDED_USE = 'model-delivery/intended-use';
export const ANNOTATION_RISK_CLASS = 'model-delivery/risk-class';

/**
 * Set by discovery on an entity whose newest file is invalid: the entity is the last valid one, and
 * this says what is wrong with the file.
 */
export const ANNOTATION_ENTITY_PROBLEM = 'model-delivery/entity-problem';

/**
 * The name of a project, which becomes its repository, its model and its Python package. The template
 * repeats this rule, and a test holds the two together.
 */
export const PROJECT_NAME = {
  minLength: 2,
  maxLength: 50,
  pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
  hint: 'Use 2 to 50 lower-case letters, digits and single dashes, beginning with a letter.',
} as const;

export const RELATION_TRAINED_ON = 'trainedOn';
export const RELATION_TRAINING_DATA_OF = 'trainingDataOf';

/** Events topic on which the catalog processor announces that a model was processed. */
export const MODEL_PROCESSED_TOPIC = 'model-delivery.entity-processed';
/** Events topic on which the backend announces that a provider's registered models changed. */
export const MODELS_DISCOVERED_TOPIC = 'model-delivery.models-discovered';

/** Stands where a provider stands, for what people registered from the pages. */
export const REGISTERED_PROVIDER = 'registered';

/** Where the catalog says that a discovered model comes from, in its location annotations. */
export const discoveredLocation = (
  provider: string,
  namespace: string,
  name: string,
) => `model-delivery:${provider}/${namespace}/${name}`;

/** Signals channel; a message is `{ changed: <changeKey of the model> }` and names nothing else. */
export const CHANGE_CHANNEL = 'model-delivery';

/** Kinds in the order in which they win a path that names no kind. */
export const SUPPORTED_KINDS = ['mlmodel', 'component', 'resource'] as const;

/** Characters that the reason of an override has at least. */
export const MIN_OVERRIDE_REASON = 20;

/**
 * A monitor's past is asked for where it has no sample for longer than this, in milliseconds: a longer
 * stretch without one is a gap of what is known.
 */
export const LONGEST_BETWEEN_SAMPLES_MS = 3 * 60_000;
