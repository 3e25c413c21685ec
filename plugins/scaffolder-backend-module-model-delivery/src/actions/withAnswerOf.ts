import { ResponseError } from '@backstage/errors';

/**
 * Runs a call of the model-delivery backend. A refusal becomes its own sentence: the scaffolder prints
 * the stack of an error, and a person needs only what went wrong.
 */
export async function withAnswerOf<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    const plain = new Error(error.body.error.message, { cause: error });
    plain.stack = plain.message;
    throw plain;
  }
}
