import type { z } from 'zod';

/** Which errors, beyond 400, 401, 403 and 404, an operation is known to answer with. */
export type OperationError = 'conflict' | 'unavailable';

/**
 * One operation of the REST API as data. The router parses with it, the client parses with it and
 * the OpenAPI document is made from it.
 */
export interface Operation<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
  A extends z.ZodType = z.ZodType,
> {
  method: 'get' | 'post';
  /** Below `/api/model-delivery/v1`, with `:name` parameters. */
  path: string;
  summary: string;
  /** Name of the permission that decides it. */
  permission: string;
  params: P;
  query: Q;
  body?: B;
  answer: A;
  /**
   * `text` and `page` answers are sent as they are; the schema then describes a string. A page is
   * HTML that browsers download and never show in place.
   */
  answerType?: 'json' | 'text' | 'page';
  /** Repeating the request with the same `Idempotency-Key` header has one effect. */
  idempotent?: boolean;
  /** It changes nothing that the history of a model tells, although its method is `post`. */
  keepsNoHistory?: boolean;
  /** Only other Backstage plugins may call it. */
  servicesOnly?: boolean;
  errors?: OperationError[];
}

/** Keeps the exact schema types of an operation. */
export function operation<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  A extends z.ZodType,
  B extends z.ZodType = z.ZodUndefined,
>(op: Operation<P, Q, B, A>): Operation<P, Q, B, A> {
  return op;
}
