/** One model. */
export const MODEL = '/models/:namespace/:name';

/** The permission without which a model is _not found_. */
export const READ = 'model-delivery.read';
