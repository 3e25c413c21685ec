import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';
import { errorAnswer } from './answers';

const MOST_AT_FIRST = 250;
const MOST_AT_LAST = 150;

/** Prometheus does not take a query, or cannot carry it out: the monitor is wrong, not the server. */
export class QueryRefused extends ProviderError {
  constructor(title: string, words: string) {
    super('bad-data', `${title} refuses the query: ${shorten(words)}`);
  }
}

/** What Prometheus says itself of a query that it refuses (400, 422) or gave up (503). */
export function explainPrometheus(title: string) {
  return (answer: { status: number; text: string }) => {
    const said = errorAnswer.safeParse(parseJson(answer.text));
    if (!said.success) return undefined;
    const { errorType, error } = said.data;
    if (answer.status === 400 || answer.status === 422) {
      return new QueryRefused(title, error);
    }
    if (errorType === 'timeout') {
      return new ProviderError(
        'timeout',
        `${title} gave the query up: ${shorten(error)}`,
      );
    }
    return undefined;
  };
}

/** The errors of Alertmanager are a bare JSON text. */
export function explainAlertmanager(title: string) {
  return (answer: { status: number; text: string }) => {
    const said = z.string().safeParse(parseJson(answer.text));
    return answer.status === 400 && said.success
      ? new ProviderError(
          'bad-data',
          `${title} rejected the request: ${shorten(said.data)}`,
        )
      : undefined;
  };
}

/** Cut in the middle: what a long error comes to is often said at its end. */
function shorten(words: string): string {
  return words.length > MOST_AT_FIRST + MOST_AT_LAST
    ? `${words.slice(0, MOST_AT_FIRST)} … ${words.slice(-MOST_AT_LAST)}`
    : words;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
