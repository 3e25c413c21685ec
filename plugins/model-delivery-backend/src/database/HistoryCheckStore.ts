import type { HistoryCheck } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import type { HistoryStore } from './HistoryStore';
import { brokenLink } from './historyChain';

/** Entries that are in memory at a time. */
const AT_ONCE = 1_000;

interface Row {
  entity_ref: string;
  at: string;
  entries: number;
  problem_seq: number | null;
  problem: string | null;
  known_seq: number;
  known_hash: string;
}

type Link = { seq: number; hash: string };

/** Verifies the chains of histories, and keeps what was found last. */
export class HistoryCheckStore {
  readonly #knex: Knex;
  readonly #history: HistoryStore;

  constructor(knex: Knex, history: HistoryStore) {
    this.#knex = knex;
    this.#history = history;
  }

  /** @returns null where the chain was never verified. */
  async last(entityRef: string): Promise<HistoryCheck | null> {
    const row = await this.#row(entityRef);
    if (!row) return null;
    const { at, problem } = row;
    return {
      at,
      entries: Number(row.entries),
      problem:
        problem === null
          ? null
          : { seq: Number(row.problem_seq), message: problem },
    };
  }

  /** Reads the whole chain, up to the end that it has now. */
  async verify(entityRef: string, now: string): Promise<HistoryCheck> {
    const head = await this.#history.head(entityRef);
    const before = await this.#row(entityRef);
    const known = {
      seq: Number(before?.known_seq ?? 0),
      hash: before?.known_hash ?? '',
    };
    const { last, problem } = await this.#walk(entityRef, head, known);
    const reached = problem === null && last.seq >= known.seq ? last : known;
    await this.#knex('model_history_check')
      .insert({
        entity_ref: entityRef,
        at: now,
        entries: last.seq,
        problem_seq: problem?.seq ?? null,
        problem: problem?.message ?? null,
        known_seq: reached.seq,
        known_hash: reached.hash,
      })
      .onConflict('entity_ref')
      .merge();
    return { at: now, entries: last.seq, problem };
  }

  /** @returns the last entry that holds, and what is wrong with the next one. */
  async #walk(
    entityRef: string,
    head: Link,
    known: Link,
  ): Promise<{ last: Link; problem: HistoryCheck['problem'] }> {
    let last: Link = { seq: 0, hash: '' };
    while (last.seq < head.seq) {
      const entries = await this.#history.after(entityRef, last.seq, AT_ONCE);
      for (const entry of entries) {
        if (entry.seq > head.seq) break;
        const message =
          brokenLink(entityRef, last, entry) ?? rewritten(entry, known);
        if (message) {
          return { last, problem: { seq: last.seq + 1, message } };
        }
        last = entry;
      }
      if (entries.length === 0) break;
    }
    const end = { seq: Math.max(head.seq, known.seq), hash: head.hash };
    if (last.seq < end.seq) {
      const seq = last.seq + 1;
      return { last, problem: { seq, message: `Entry ${seq} is missing.` } };
    }
    return last.hash === end.hash
      ? { last, problem: null }
      : {
          last: { seq: last.seq - 1, hash: '' },
          problem: {
            seq: last.seq,
            message: `Entry ${last.seq} is not the one that was written last.`,
          },
        };
  }

  async #row(entityRef: string): Promise<Row | undefined> {
    return this.#knex<Row>('model_history_check')
      .where('entity_ref', entityRef)
      .first();
  }
}

function rewritten(entry: Link, known: Link): string | undefined {
  return entry.seq === known.seq && entry.hash !== known.hash
    ? `Entry ${entry.seq} had another hash when the chain was verified before: this entry or an earlier one was written anew.`
    : undefined;
}
