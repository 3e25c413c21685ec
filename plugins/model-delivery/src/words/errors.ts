/** What a page shows of an error: its message, and enough to find it in a log. */
export interface DescribedError {
  message: string;
  /** `ConflictError`, `NotFoundError`… or what the browser called it. */
  kind: string;
  status?: number;
  requestId?: string;
}

type ErrorShape = {
  name?: string;
  message?: string;
  cause?: { name?: string; message?: string };
  statusCode?: number;
  response?: {
    status?: number;
    headers?: { get?(name: string): string | null };
  };
};

export function describeError(error: unknown): DescribedError {
  const { name, message, cause, statusCode, response } = (error ??
    {}) as ErrorShape;
  return {
    message: cause?.message || message || String(error),
    kind: cause?.name || name || 'Error',
    status: statusCode ?? response?.status,
    requestId: response?.headers?.get?.('x-request-id') ?? undefined,
  };
}

export const isNotFound = (error: unknown): boolean =>
  describeError(error).status === 404;

export const isConflict = (error: unknown): boolean =>
  describeError(error).status === 409;
