import { InputError } from '@backstage/errors';
import type {
  HistoryEntry,
  HistoryHead,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { currentRequest } from './currentRequest';
import { decodeCursor, encodeCursor } from './cursor';
import { hashOfEntry } from './historyChain';

/** An entry before it has its place in the chain. */
export type NewEntry = Omit<
  HistoryEntry,
  'seq' | 'requestId' | 'previousHash' | 'hash'
>;

interface Row {
  entity_ref: string;
  seq: number;
  at: string;
  by: string;
  what: string;
  outcome: HistoryEntry['outcome'];
  environment: string | null;
  deployment_id: string | null;
  from: string | null;
  to: string | null;
  reason: string | null;
  message: string | null;
  request_id: string | null;
  previous_hash: string;
  hash: string;
}

/** What was done to models and what was denied. Entries are never changed and never deleted. */
export class HistoryStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Adds an entry that belongs to no other write. */
  async append(entityRef: string, entry: NewEntry): Promise<void> {
    await this.#knex.transaction(trx => appendHistory(trx, entityRef, entry));
  }

  /** Newest first. */
  async list(
    entityRef: string,
    page: { cursor?: string; limit: number },
  ): Promise<{ items: HistoryEntry[]; nextCursor?: string }> {
    const rows: Row[] = await this.#knex('model_history')
      .where('entity_ref', entityRef)
      .modify(query => {
        if (page.cursor) query.where('seq', '<', seqOf(page.cursor));
      })
      .orderBy('seq', 'desc')
      .limit(page.limit + 1);
    const items = rows.slice(0, page.limit).map(fromRow);
    const last = items.at(-1);
    return {
      items,
      nextCursor:
        rows.length > items.length && last
          ? encodeCursor([String(last.seq), ''])
          : undefined,
    };
  }

  /** Oldest first, those after a place in the chain. */
  async after(
    entityRef: string,
    seq: number,
    limit: number,
  ): Promise<HistoryEntry[]> {
    const rows: Row[] = await this.#knex('model_history')
      .where('entity_ref', entityRef)
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(limit);
    return rows.map(fromRow);
  }

  /** The end of the chain. */
  async head(entityRef: string): Promise<HistoryHead> {
    const row = await this.#knex('model')
      .select('history_seq', 'history_hash')
      .where('entity_ref', entityRef)
      .first();
    return {
      seq: Number(row?.history_seq ?? 0),
      hash: row?.history_hash ?? '',
    };
  }
}

/**
 * Adds an entry in the transaction of the action that it records. The row of the model serialises those
 * who append. A model that is not stored has no history.
 */
export async function appendHistory(
  trx: Knex.Transaction,
  entityRef: string,
  added: NewEntry,
): Promise<void> {
  const [head]: { history_seq: number; history_hash: string }[] = await trx(
    'model',
  )
    .where('entity_ref', entityRef)
    .update({ history_seq: trx.raw('history_seq + 1') })
    .returning(['history_seq', 'history_hash']);
  if (!head) return;
  const entry = {
    ...added,
    seq: Number(head.history_seq),
    requestId: currentRequest.getStore() ?? null,
    previousHash: head.history_hash,
  };
  const hash = hashOfEntry(entityRef, entry);
  const { deploymentId, requestId, previousHash, ...same } = entry;
  await trx('model_history').insert({
    ...same,
    entity_ref: entityRef,
    deployment_id: deploymentId,
    request_id: requestId,
    previous_hash: previousHash,
    hash,
  });
  await trx('model')
    .where('entity_ref', entityRef)
    .update({ history_hash: hash });
}

function seqOf(cursor: string): number {
  const seq = Number(decodeCursor(cursor)[0]);
  if (!Number.isSafeInteger(seq)) {
    throw new InputError('The cursor is not valid; start again without it');
  }
  return seq;
}

function fromRow({ entity_ref, ...row }: Row): HistoryEntry {
  const { deployment_id, request_id, previous_hash, ...same } = row;
  return {
    ...same,
    seq: Number(row.seq),
    deploymentId: deployment_id,
    requestId: request_id,
    previousHash: previous_hash,
  };
}
