import { randomUUID } from 'node:crypto';
import type {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  environmentRef,
  modelReadPermission,
} from '@slipway/plugin-model-delivery-common';
import {
  type Operation,
  type OperationName,
  type Operations,
  operations,
} from '@slipway/plugin-model-delivery-common/contract';
import {
  describeIssues,
  type ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Request, Router } from 'express';
import type { z } from 'zod';
import { currentRequest } from '../database/currentRequest';
import type { Authorizer } from './Authorizer';
import type { RequestKeys } from './RequestKeys';
import type { RecordedRequest, RequestRecorder } from './RequestRecorder';

type Body<N extends OperationName> = Operations[N] extends {
  body?: infer B;
}
  ? B extends z.ZodType
    ? z.output<B>
    : undefined
  : undefined;

/** What a handler is given: everything parsed, the caller allowed, the model found. */
export interface Call<N extends OperationName> {
  params: z.output<Operations[N]['params']>;
  query: z.output<Operations[N]['query']>;
  body: Body<N>;
  credentials: BackstageCredentials;
  /** Entity ref of the person, or the name of the service. */
  by: string;
  /** Unique to this request of this caller; equal when the caller repeats it under its own key. */
  idempotencyKey: string;
  signal: AbortSignal;
}
/** Of an operation below `/models/:namespace/:name`. */
export type ModelCall<N extends OperationName> = Call<N> & { spec: ModelSpec };

/** In the catalog, and not followed because of what it says. */
export interface UnreadableModel {
  entityRef: string;
  /** The field, its value, and what would be right. */
  problem: string;
}

export interface MountOptions {
  router: Router;
  httpAuth: HttpAuthService;
  authorizer: Authorizer;
  auditor: AuditorService;
  requestKeys: RequestKeys;
  recorder: RequestRecorder;
  /** Finds a model by its path, asking the catalog once where it is not known yet. */
  findModel(path: {
    kind?: string;
    namespace: string;
    name: string;
  }): Promise<ModelSpec | UnreadableModel | undefined>;
}

/** Mounts an operation on a model: it must be visible, and the permission must be given for it. */
export function mountModel<N extends OperationName>(
  options: MountOptions,
  name: N,
  handler: (call: ModelCall<N>) => Promise<z.input<Operations[N]['answer']>>,
): void {
  mountVisible(options, name, ({ spec }) => spec.entityRef, handler);
}

/**
 * Mounts an operation on an environment of a model: the model must be visible, and the permission must be
 * given for the environment.
 *
 * @param environmentOf - the name of the environment; may throw a NotFoundError.
 */
export function mountEnvironment<N extends OperationName>(
  options: MountOptions,
  name: N,
  environmentOf: (call: ModelCall<N>) => string | Promise<string>,
  handler: (call: ModelCall<N>) => Promise<z.input<Operations[N]['answer']>>,
): void {
  const resourceOf = async (call: ModelCall<N>) =>
    environmentRef(call.spec.entityRef, await environmentOf(call));
  mountVisible(options, name, resourceOf, handler);
}

/**
 * Mounts an operation below the path of a model, which must be visible. A request that would change
 * something is in the history of the model, allowed or denied.
 */
function mountVisible<N extends OperationName>(
  options: MountOptions,
  name: N,
  resourceOf: (call: ModelCall<N>) => string | Promise<string>,
  handler: (call: ModelCall<N>) => Promise<unknown>,
): void {
  const { authorizer, recorder } = options;
  const { method, keepsNoHistory }: Operation = operations[name];
  const isRecorded = method !== 'get' && !keepsNoHistory;
  mountRaw(options, name, async (call, permission) => {
    const path = call.params as { namespace: string; name: string };
    const { kind } = call.query as { kind?: string };
    const { credentials } = call;
    const hidden = new NotFoundError(
      `There is no model ${path.namespace}/${path.name}, or you do not have permission to see it`,
    );
    const found = await options.findModel({
      kind: kind?.toLocaleLowerCase('en-US'),
      namespace: path.namespace.toLocaleLowerCase('en-US'),
      name: path.name.toLocaleLowerCase('en-US'),
    });
    if (!found) throw hidden;
    const { entityRef } = found;
    const request: RecordedRequest = {
      entityRef,
      name,
      by: call.by,
      params: call.params as RecordedRequest['params'],
      body: call.body ?? {},
    };
    const assertVisible = () =>
      authorizer.assertVisible(entityRef, credentials, hidden);
    await (isRecorded
      ? recorder.orHidden(request, assertVisible)
      : assertVisible());
    if ('problem' in found) {
      throw new InputError(`${entityRef} is not used: ${found.problem}`);
    }
    const modelCall = { ...call, spec: found };
    const act = async () => {
      if (permission !== modelReadPermission.name) {
        const resource = await resourceOf(modelCall);
        await authorizer.assertAllowed(permission, resource, credentials);
      }
      if (isRecorded) await recorder.allowed(request);
      return handler(modelCall);
    };
    return isRecorded ? recorder.orDenied(request, act) : act();
  });
}

/** Mounts an operation that a basic permission decides. */
export function mountBasic<N extends OperationName>(
  options: MountOptions,
  name: N,
  handler: (call: Call<N>) => Promise<z.input<Operations[N]['answer']>>,
): void {
  mountRaw(options, name, async (call, permission) => {
    await options.authorizer.assertAllowed(
      permission,
      undefined,
      call.credentials,
    );
    return handler(call);
  });
}

/** Mounts an operation whose handler itself limits the answer to what may be seen. */
export function mountFiltered<N extends OperationName>(
  options: MountOptions,
  name: N,
  handler: (call: Call<N>) => Promise<z.input<Operations[N]['answer']>>,
): void {
  mountRaw(options, name, handler);
}

function mountRaw<N extends OperationName>(
  options: MountOptions,
  name: N,
  handler: (call: Call<N>, permission: string) => Promise<unknown>,
): void {
  const op: Operation = operations[name];
  options.router[op.method](op.path, async (req, res) => {
    const credentials = await options.httpAuth.credentials(req, {
      allow: op.servicesOnly ? ['service'] : ['user', 'service'],
    });
    const abort = new AbortController();
    res.on('close', () => abort.abort());
    const by = callerOf(credentials);
    const requestId = requestIdOf(req.header('x-request-id'));
    res.setHeader('x-request-id', requestId);
    const answer = await audited(
      options.auditor,
      { op, name, by, requestId, request: req },
      async () => {
        const parsed = {
          params: parse('path', op.params, req.params),
          query: parse('query', op.query, req.query),
          body: op.body ? parse('body', op.body, req.body ?? {}) : undefined,
        };
        const call = {
          ...parsed,
          credentials,
          by,
          idempotencyKey: await options.requestKeys.keyOf({
            header: req.header('idempotency-key'),
            by,
            operation: name,
            request: parsed,
          }),
          signal: abort.signal,
        } as Call<N>;
        return currentRequest.run(requestId, () =>
          handler(call, op.permission),
        );
      },
    );
    if (op.answerType === 'text') {
      // Never as a page: hostile text stays text.
      res
        .setHeader('content-type', 'text/plain; charset=utf-8')
        .setHeader('x-content-type-options', 'nosniff')
        .send(answer);
    } else if (op.answerType === 'page') {
      // A file to keep: it never runs in the origin of the portal.
      res
        .setHeader('content-type', 'text/html; charset=utf-8')
        .setHeader('content-disposition', 'attachment')
        .setHeader('content-security-policy', "sandbox; default-src 'none'")
        .setHeader('x-content-type-options', 'nosniff')
        .send(answer);
    } else {
      res.json(answer);
    }
  });
}

/**
 * Every request that would change something leaves a line in the audit log: who asked for what, and why
 * it was refused or failed. A request without a valid token has no caller and leaves none.
 */
async function audited<T>(
  auditor: AuditorService,
  asked: {
    op: Operation;
    name: string;
    by: string;
    requestId: string;
    request: Request;
  },
  act: () => Promise<T>,
): Promise<T> {
  const { op, name, by, requestId, request } = asked;
  if (op.method === 'get') return act();
  const { reason } = (request.body ?? {}) as { reason?: unknown };
  const event = await auditor.createEvent({
    eventId: name,
    severityLevel: 'medium',
    request,
    meta: {
      by,
      operation: op.summary,
      path: request.path,
      requestId,
      ...(typeof reason === 'string' && { reason: reason.slice(0, 1000) }),
    },
  });
  try {
    const answer = await act();
    await event.success();
    return answer;
  } catch (error) {
    const { message } = error as Error;
    await event.fail({ error: error as Error, meta: { why: message } });
    throw error;
  }
}

/** The id that a proxy or a client gave the request, or a new one. */
function requestIdOf(header: string | undefined): string {
  return header && /^[\w.:-]{1,100}$/.test(header) ? header : randomUUID();
}

function parse<S extends z.ZodType>(
  where: string,
  schema: S,
  input: unknown,
): z.output<S> {
  const nul = pathOfNul(input);
  if (nul) {
    throw new InputError(
      `${[where, ...nul].join('.')} has a NUL character; remove it`,
    );
  }
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    throw new InputError(describeIssues(where, parsed.error, input));
  }
  return parsed.data;
}

/** Where a text or a key has a NUL character, which PostgreSQL cannot store or compare. */
function pathOfNul(value: unknown): string[] | undefined {
  if (typeof value === 'string') return value.includes('\0') ? [] : undefined;
  if (value === null || typeof value !== 'object') return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (key.includes('\0')) return [JSON.stringify(key)];
    const path = pathOfNul(inner);
    if (path) return [key, ...path];
  }
  return undefined;
}

function callerOf(credentials: BackstageCredentials): string {
  const principal = credentials.principal as {
    type?: string;
    userEntityRef?: string;
    subject?: string;
  };
  return principal.userEntityRef ?? principal.subject ?? 'unknown';
}
