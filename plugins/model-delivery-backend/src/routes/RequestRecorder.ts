import { toError } from '@backstage/errors';
import type { NewEntry } from '../database/HistoryStore';
import type { Stores } from '../database/stores';

/** A request to change something about a model. */
export interface RecordedRequest {
  entityRef: string;
  /** Of the operation. */
  name: string;
  by: string;
  params: { environment?: string; deploymentId?: string };
  body: {
    environment?: string;
    version?: string;
    to?: string;
    reason?: string;
  };
}

const DENIALS = ['NotAllowedError', 'NotFoundError'];

/** Keeps requests in the history of their model: those that were allowed before they act, and denials. */
export class RequestRecorder {
  readonly #stores: Pick<Stores, 'history' | 'denials'>;
  readonly #now: () => Date;

  constructor(stores: Pick<Stores, 'history' | 'denials'>, now: () => Date) {
    this.#stores = stores;
    this.#now = now;
  }

  async allowed(request: RecordedRequest): Promise<void> {
    await this.#stores.history.append(
      request.entityRef,
      this.#entryOf(request, 'asked', null),
    );
  }

  /** Records what `check` refuses, and throws it again. */
  async orDenied<T>(
    request: RecordedRequest,
    check: () => Promise<T>,
    denials: string[] = ['NotAllowedError'],
  ): Promise<T> {
    try {
      return await check();
    } catch (error) {
      const { name, message } = toError(error);
      if (denials.includes(name)) {
        await this.#stores.denials.record(
          request.entityRef,
          this.#entryOf(request, 'denied', message),
        );
      }
      throw error;
    }
  }

  /** As `orDenied`, for a model that may be hidden from the caller. */
  async orHidden<T>(
    request: RecordedRequest,
    check: () => Promise<T>,
  ): Promise<T> {
    return this.orDenied(request, check, DENIALS);
  }

  #entryOf(
    { name, by, params, body }: RecordedRequest,
    outcome: 'asked' | 'denied',
    message: string | null,
  ): NewEntry {
    return {
      at: this.#now().toISOString(),
      by,
      what: name,
      outcome,
      environment: params.environment ?? body.environment ?? null,
      deploymentId: params.deploymentId ?? null,
      from: null,
      to: body.version ?? body.to ?? null,
      reason: body.reason ?? null,
      message,
    };
  }
}
