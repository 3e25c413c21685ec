import type { Knex } from 'knex';
import { appendHistory, type NewEntry } from './HistoryStore';

const WINDOW_MS = 3_600_000;
/** Denials of one person at one model that the history lists within a window. */
const LISTED = 20;
/** Windows that one sweep ends; the next sweep takes the rest. */
const BATCH = 100;

interface Row {
  entity_ref: string;
  by: string;
  since: string;
  denied: number;
}

/**
 * Keeps denied requests in the history of their model, which is never deleted: the first ones of a person
 * within an hour each, then an entry that the rest is counted, and one with their number when the hour
 * is over. The auditor service has them all.
 */
export class DenialStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Adds or counts a denial. A model that is not stored has no history. */
  async record(entityRef: string, entry: NewEntry): Promise<void> {
    await this.#knex.transaction(async trx => {
      const { at, by } = entry;
      const known = await trx('model').where('entity_ref', entityRef).first();
      if (!known) return;
      const of = { entity_ref: entityRef, by };
      const [counted]: Row[] = await trx('denial_window')
        .insert({ ...of, since: at, denied: 1 })
        .onConflict(['entity_ref', 'by'])
        .merge({ denied: trx.raw('denial_window.denied + 1') })
        .returning('*');
      if (endOf(counted) <= at) {
        await appendCount(trx, { ...counted, denied: counted.denied - 1 }, at);
        await trx('denial_window').where(of).update({ since: at, denied: 1 });
        await appendHistory(trx, entityRef, entry);
      } else if (counted.denied <= LISTED) {
        await appendHistory(trx, entityRef, entry);
      } else if (counted.denied === LISTED + 1) {
        const message = `${LISTED} requests were denied since ${counted.since}. Further ones are counted until ${endOf(counted)}; the audit log lists them.`;
        await appendHistory(trx, entityRef, summaryOf(entry, { at, message }));
      }
    });
  }

  /** Ends windows that are over, with the number of denials that the history does not list. */
  async endWindows(now: string): Promise<void> {
    const before = new Date(Date.parse(now) - WINDOW_MS).toISOString();
    const over: Row[] = await this.#knex('denial_window')
      .where('since', '<=', before)
      .orderBy('since')
      .limit(BATCH);
    for (const { entity_ref, by, since } of over) {
      await this.#knex.transaction(async trx => {
        const window = () =>
          trx('denial_window').where({ entity_ref, by, since });
        // Another replica may be at it.
        const ended: Row | undefined = await window().forUpdate().first();
        if (!ended) return;
        await window().delete();
        await appendCount(trx, ended, now);
      });
    }
  }
}

function endOf({ since }: Pick<Row, 'since'>): string {
  return new Date(Date.parse(since) + WINDOW_MS).toISOString();
}

async function appendCount(
  trx: Knex.Transaction,
  window: Row,
  at: string,
): Promise<void> {
  const more = window.denied - LISTED;
  if (more <= 0) return;
  await appendHistory(
    trx,
    window.entity_ref,
    summaryOf(window, {
      at,
      message: `${more} more ${more === 1 ? 'request was' : 'requests were'} denied between ${window.since} and ${endOf(window)}; the audit log lists them.`,
    }),
  );
}

/** An entry about several denials of one person. */
function summaryOf(
  { by }: Pick<NewEntry, 'by'>,
  entry: Pick<NewEntry, 'at' | 'message'>,
): NewEntry {
  return {
    ...entry,
    by,
    what: 'denials',
    outcome: 'denied',
    environment: null,
    deploymentId: null,
    from: null,
    to: null,
    reason: null,
  };
}
