import {
  ProviderError,
  type ProviderErrorKind,
} from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';

const MAX_MESSAGE = 300;

const errorBody = z.looseObject({
  error_code: z.string(),
  message: z.string().default(''),
});

const KINDS: Record<string, ProviderErrorKind> = {
  RESOURCE_DOES_NOT_EXIST: 'not-found',
  NOT_FOUND: 'not-found',
  ENDPOINT_NOT_FOUND: 'unsupported',
  UNAUTHENTICATED: 'unauthorized',
  PERMISSION_DENIED: 'forbidden',
};

/** Tells an error of MLflow in its own words, where its status alone does not say enough. */
export function explainAs(title: string) {
  return (answer: { status: number; text: string }) =>
    explainText(title, answer) ?? explainJson(title, answer);
}

function explainText(
  title: string,
  { status, text }: { status: number; text: string },
): ProviderError | undefined {
  if (status === 403 && text.startsWith('Invalid Host header')) {
    return new ProviderError(
      'forbidden',
      `${title} rejects this host name; add it to the server's --allowed-hosts or MLFLOW_SERVER_ALLOWED_HOSTS.`,
    );
  }
  if (status === 503 && text.includes('--serve-artifacts')) {
    return new ProviderError(
      'unsupported',
      `${title} does not hand out artifacts; start its server with --serve-artifacts.`,
    );
  }
  return undefined;
}

function explainJson(
  title: string,
  { status, text }: { status: number; text: string },
): ProviderError | undefined {
  const body = parse(text);
  if (!body) return undefined;
  const message = body.message.replace(/\s+/g, ' ').slice(0, MAX_MESSAGE);
  const kind =
    KINDS[body.error_code] ??
    // An alias that there is not is answered as a bad request.
    (status === 400 && /alias .*not found/i.test(message)
      ? 'not-found'
      : undefined) ??
    (status === 400 ? 'bad-data' : undefined);
  return kind && new ProviderError(kind, `${title} says: ${message}`);
}

function parse(text: string): z.output<typeof errorBody> | undefined {
  try {
    const parsed = errorBody.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
