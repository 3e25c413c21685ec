import type http from 'node:http';

/** Of what follows the address of an environment. */
export const pathOf = (rest: string) => rest.replace(/\?.*$/, '');

export function isInference({ method, url }: http.IncomingMessage): boolean {
  return method === 'POST' && /\/infer(\?|$)/.test(url ?? '');
}

/** Whether a browser sends the request for a page of another site. Other clients send no such header. */
export function isCrossSite(headers: http.IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !['same-origin', 'none'].includes(String(site))) {
    return true;
  }
  const { origin, host } = headers;
  return origin !== undefined && origin !== `http://${host}`;
}

export function hostName(header: string | undefined): string {
  return (header ?? '').replace(/:\d+$/, '');
}

export function answer(
  response: http.ServerResponse,
  status: number,
  message: string,
  headers: http.OutgoingHttpHeaders = {},
): void {
  answerJson(response, status, { error: message }, headers);
}

export function answerJson(
  response: http.ServerResponse,
  status: number,
  content: object,
  headers: http.OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  response.end(`${JSON.stringify(content)}\n`);
}
