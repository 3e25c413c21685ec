import {
  type Evidence,
  evidence as evidenceSchema,
  type Version,
  version as versionSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { recordModelChange } from './modelChanges';
import { newestFirst } from './newestFirst';

/** A version as its registry told it. */
export type StoredVersion = Omit<Version, 'liveIn'>;
export const storedVersion = versionSchema.omit({ liveIn: true });
type Row = { version: string; created_at: string; data: string };
const parse = (row: Row): StoredVersion =>
  storedVersion.parse(JSON.parse(row.data));

/** What evidence is about. */
export type Subject = { type: 'run' | 'version'; id: string };

/** How far a history was read: to its end at a time, or to a cursor, where null is the top. */
export interface HistoryReading {
  cursor: string | null;
  finishedAt: string | null;
}

/** Versions and the evidence about them and about runs. */
export class VersionStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Their evidence is to be read then, or read again. */
  async upsert(entityRef: string, ...values: StoredVersion[]): Promise<void> {
    if (values.length === 0) return;
    await this.#knex.transaction(async trx => {
      for (const value of values) {
        await trx('version')
          .insert({
            entity_ref: entityRef,
            version: value.version,
            status: value.status,
            created_at: value.createdAt,
            committed_at: value.committedAt,
            data: JSON.stringify(value),
            evidence_at: null,
          })
          .onConflict(['entity_ref', 'version'])
          .merge();
      }
      await recordModelChange(trx, entityRef);
    });
  }

  async find(
    entityRef: string,
    versions: string[],
  ): Promise<Map<string, StoredVersion>> {
    if (versions.length === 0) return new Map();
    const rows: Row[] = await this.#knex('version')
      .where('entity_ref', entityRef)
      .whereIn('version', versions);
    return new Map(rows.map(r => [r.version, parse(r)]));
  }

  async get(
    entityRef: string,
    version: string,
  ): Promise<StoredVersion | undefined> {
    return (await this.find(entityRef, [version])).get(version);
  }

  async newest(entityRef: string): Promise<StoredVersion | undefined> {
    const row: Row | undefined = await this.#knex('version')
      .where('entity_ref', entityRef)
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'version', order: 'desc' },
      ])
      .first();
    return row && parse(row);
  }

  /** Those that have one of the aliases, as far as is known. */
  async withAlias(entityRef: string, aliases: string[]): Promise<string[]> {
    if (aliases.length === 0) return [];
    // A superset: it may stand elsewhere in the data too. What a pattern gives a meaning, which
    // differs between databases, is any character here.
    const patterns = aliases.map(
      alias => `%${JSON.stringify(alias).replace(/[\\%]/g, '_')}%`,
    );
    const rows: Row[] = await this.#knex('version')
      .where('entity_ref', entityRef)
      .andWhere(q => {
        for (const pattern of patterns) q.orWhere('data', 'like', pattern);
      });
    return rows
      .map(parse)
      .filter(version => version.aliases.some(a => aliases.includes(a)))
      .map(({ version }) => version);
  }

  /** Of the newest `count` and the named ones, those whose evidence is to be read, newest first. */
  async withoutEvidence(
    entityRef: string,
    { count, named }: { count: number; named: string[] },
  ): Promise<string[]> {
    const newest = this.#knex('version')
      .select('version')
      .where('entity_ref', entityRef)
      .orderBy('created_at', 'desc')
      .orderBy('version', 'desc')
      .limit(count);
    const chosen: { version: string }[] = count > 0 ? await newest : [];
    const rows: { version: string }[] = await this.#knex('version')
      .select('version')
      .where('entity_ref', entityRef)
      .whereIn('version', [...chosen.map(r => r.version), ...named])
      .whereNull('evidence_at')
      .orderBy('created_at', 'desc')
      .orderBy('version', 'desc');
    return rows.map(r => r.version);
  }

  async markEvidenceRead(
    entityRef: string,
    version: string,
    at: string,
  ): Promise<void> {
    await this.#knex('version')
      .where({ entity_ref: entityRef, version })
      .update({ evidence_at: at });
  }

  /**
   * How far a history was read.
   *
   * @param target - the registry's model, as the entity names it.
   * @returns undefined where it was never read, or was another model's.
   */
  async reading(
    entityRef: string,
    target: string,
  ): Promise<HistoryReading | undefined> {
    const row: { cursor: string | null; finished_at: string | null } =
      await this.#knex('version_reading')
        .where({ entity_ref: entityRef, target })
        .first();
    return row && { cursor: row.cursor, finishedAt: row.finished_at };
  }

  async setReading(
    entityRef: string,
    target: string,
    { cursor, finishedAt }: HistoryReading,
  ): Promise<void> {
    await this.#knex('version_reading')
      .insert({
        entity_ref: entityRef,
        target,
        cursor,
        finished_at: finishedAt,
      })
      .onConflict('entity_ref')
      .merge();
  }

  async list(
    entityRef: string,
    filter: { status?: string },
    page: { cursor?: string; limit: number },
  ): Promise<{ items: StoredVersion[]; nextCursor?: string }> {
    const query = this.#knex('version')
      .where('entity_ref', entityRef)
      .modify(q => {
        if (filter.status) q.where('status', filter.status);
      });
    const { rows, nextCursor } = await newestFirst<Row>(
      query,
      { at: 'created_at', id: 'version' },
      page,
    );
    return { items: rows.map(parse), nextCursor };
  }

  /** Keeps the newest of each kind. */
  async putEvidence(
    entityRef: string,
    subject: Subject,
    items: Evidence[],
  ): Promise<void> {
    if (items.length === 0) return;
    await this.#knex.transaction(async trx => {
      for (const item of items) {
        await trx('evidence')
          .insert({
            entity_ref: entityRef,
            subject_type: subject.type,
            subject: subject.id,
            kind: evidenceKey(item),
            at: item.at,
            data: JSON.stringify(item),
          })
          .onConflict(['entity_ref', 'subject_type', 'subject', 'kind'])
          .merge();
      }
      await recordModelChange(trx, entityRef);
    });
  }

  async evidence(entityRef: string, subject: Subject): Promise<Evidence[]> {
    const all = await this.evidenceOf(entityRef, subject.type, [subject.id]);
    return all.get(subject.id) ?? [];
  }

  async evidenceOf(
    entityRef: string,
    type: Subject['type'],
    ids: string[],
  ): Promise<Map<string, Evidence[]>> {
    const found = new Map<string, Evidence[]>();
    if (ids.length === 0) return found;
    const rows: { subject: string; data: string }[] = await this.#knex(
      'evidence',
    )
      .select('subject', 'data')
      .where({ entity_ref: entityRef, subject_type: type })
      .whereIn('subject', ids)
      .orderBy('kind');
    for (const row of rows) {
      const list = found.get(row.subject) ?? [];
      list.push(evidenceSchema.parse(JSON.parse(row.data)));
      found.set(row.subject, list);
    }
    return found;
  }
}

function evidenceKey(item: Evidence): string {
  if (item.kind === 'tests') return `tests:${item.suite}`;
  if (item.kind === 'report') return `report:${item.name}`;
  return item.kind;
}
