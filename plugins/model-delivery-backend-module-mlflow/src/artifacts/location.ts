import { ProviderError } from '@slipway/plugin-model-delivery-node';

const ROUTE = '/api/2.0/mlflow-artifacts/artifacts/';

/**
 * The path below which the server itself hands out what an artifact URI names, or null where the
 * URI names another system: nothing but the configured server is ever asked.
 *
 * @param host - host and port of the server.
 */
export function servedPath(uri: string, host: string): string | null {
  const proxied = /^mlflow-artifacts:(?:\/\/([^/]*))?\/(.+)$/.exec(uri);
  if (proxied) {
    const [, authority, path] = proxied;
    return !authority || authority === host ? clean(path) : null;
  }
  const direct = /^https?:\/\/([^/]+)(\/.*)$/.exec(uri);
  if (direct && direct[1] === host) {
    const at = direct[2].indexOf(ROUTE);
    if (at >= 0) return clean(direct[2].slice(at + ROUTE.length));
  }
  return null;
}

/** Without empty parts; null where a part leads out of the folder it is in. */
function clean(path: string): string | null {
  const parts = path.split('/').filter(part => part !== '');
  return parts.length > 0 && parts.every(isPlainName) ? parts.join('/') : null;
}

/** Whether a name from a listing names something in that folder. */
export function isPlainName(name: string): boolean {
  return (
    name !== '' &&
    name !== '.' &&
    name !== '..' &&
    // eslint-disable-next-line no-control-regex
    !/[/\\\u0000]/.test(name)
  );
}

/** Why artifacts that another system keeps are not read. */
export function notServed(title: string, uri: string | null): ProviderError {
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(uri ?? '')?.[0];
  return new ProviderError(
    'unsupported',
    scheme
      ? `Its artifacts are kept at ${scheme}//…, which ${title} does not hand out; start its server with --serve-artifacts and log runs to an experiment whose artifact location begins with mlflow-artifacts:.`
      : `${title} does not say where its artifacts are.`,
  );
}
