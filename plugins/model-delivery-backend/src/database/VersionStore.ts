import {
  type Evidence,
  evidence as evidenceSchema,
  version as versionSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderVersion } from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { newestFirst } from './newestFirst';

const storedVersion = versionSchema.omit({ liveIn: true });
type Row = { version: string; created_at: string; data: string };
const parse = (row: Row): ProviderVersion =>
  storedVersion.parse(JSON.parse(row.data));

/** What evidence is about. */
export type Subject = { type: 'run' | 'version'; id: string };

/** Versions and the evidence about them and about runs. */
export class VersionStore {
  constructor(private readonly knex: Knex) {}

  async upsert(entityRef: string, value: ProviderVersion): Promise<void> {
    await this.knex('version')
      .insert({
        entity_ref: entityRef,
        version: value.version,
        status: value.status,
        created_at: value.createdAt,
        data: JSON.stringify(value),
      })
      .onConflict(['entity_ref', 'version'])
      .merge();
  }

  async find(
    entityRef: string,
    versions: string[],
  ): Promise<Map<string, ProviderVersion>> {
    if (versions.length === 0) return new Map();
    const rows: Row[] = await this.knex('version')
      .where('entity_ref', entityRef)
      .whereIn('version', versions);
    return new Map(rows.map(r => [r.version, parse(r)]));
  }

  async get(
    entityRef: string,
    version: string,
  ): Promise<ProviderVersion | undefined> {
    return (await this.find(entityRef, [version])).get(version);
  }

  async newest(entityRef: string): Promise<ProviderVersion | undefined> {
    const row: Row | undefined = await this.knex('version')
      .where('entity_ref', entityRef)
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'version', order: 'desc' },
      ])
      .first();
    return row && parse(row);
  }

  async list(
    entityRef: string,
    filter: { status?: string },
    page: { cursor?: string; limit: number },
  ): Promise<{ items: ProviderVersion[]; nextCursor?: string }> {
    const query = this.knex('version')
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
    await this.knex.transaction(async trx => {
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
    const rows: { subject: string; data: string }[] = await this.knex(
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
