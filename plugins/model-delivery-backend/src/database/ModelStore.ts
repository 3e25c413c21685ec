import { createHash, randomUUID } from 'node:crypto';
import {
  type ModelSpec,
  modelSpec,
  type Repository,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';

export interface EntityKey {
  key: string;
  value: string | null;
}

export interface StoredModel {
  spec: ModelSpec;
  changeKey: string;
  repository: Repository | null;
}

const KIND_ORDER = ['mlmodel', 'component', 'resource'];

/** The models that the catalog told us of. */
export class ModelStore {
  constructor(private readonly knex: Knex) {}

  /** Writes a model; answers whether anything about it is new. */
  async upsert(
    spec: ModelSpec,
    keys: EntityKey[],
    now: string,
  ): Promise<boolean> {
    const text = JSON.stringify(spec);
    const hash = createHash('sha256')
      .update(text)
      .update(JSON.stringify(keys))
      .digest('hex');
    return this.knex.transaction(async trx => {
      const known = await trx('model')
        .select('spec_hash', 'removed_at')
        .where('entity_ref', spec.entityRef)
        .first();
      if (known && known.spec_hash === hash && known.removed_at === null) {
        return false;
      }
      await trx('model')
        .insert({
          entity_ref: spec.entityRef,
          kind: spec.kind,
          namespace: spec.namespace,
          name: spec.name,
          spec: text,
          spec_hash: hash,
          dirty: 1,
          seen_at: now,
          removed_at: null,
          change_key: randomUUID(),
        })
        .onConflict('entity_ref')
        .merge(['spec', 'spec_hash', 'dirty', 'seen_at', 'removed_at']);
      await trx('model_entity_search')
        .where('entity_ref', spec.entityRef)
        .delete();
      await trx.batchInsert(
        'model_entity_search',
        keys.map(({ key, value }) => ({
          entity_ref: spec.entityRef,
          key: key.slice(0, 255),
          value: value === null ? null : value.slice(0, 255),
        })),
        100,
      );
      return true;
    });
  }

  async get(entityRef: string): Promise<StoredModel | undefined> {
    const row = await this.knex('model')
      .select('spec', 'change_key', 'repository')
      .where({ entity_ref: entityRef })
      .whereNull('removed_at')
      .first();
    return (
      row && {
        spec: modelSpec.parse(JSON.parse(row.spec)),
        changeKey: row.change_key,
        repository: row.repository
          ? { compareUrl: null, ...JSON.parse(row.repository) }
          : null,
      }
    );
  }

  /** The spec as it was last valid, also of a model that has left the catalog. */
  async lastSpec(entityRef: string): Promise<ModelSpec | undefined> {
    const row = await this.knex('model')
      .select('spec')
      .where({ entity_ref: entityRef })
      .first();
    return row && modelSpec.parse(JSON.parse(row.spec));
  }

  /** Those of them that the catalog has, by entity ref. */
  async getAll(entityRefs: string[]): Promise<Map<string, ModelSpec>> {
    const rows: { entity_ref: string; spec: string }[] = await this.knex(
      'model',
    )
      .select('entity_ref', 'spec')
      .whereIn('entity_ref', entityRefs)
      .whereNull('removed_at');
    return new Map(
      rows.map(row => [row.entity_ref, modelSpec.parse(JSON.parse(row.spec))]),
    );
  }

  async setRepository(
    entityRef: string,
    repository: Repository,
  ): Promise<void> {
    await this.knex('model')
      .where('entity_ref', entityRef)
      .update({ repository: JSON.stringify(repository) });
  }

  /** Of the kinds that share a name, MLModel wins over Component over Resource. */
  async findRef(name: {
    kind?: string;
    namespace: string;
    name: string;
  }): Promise<string | undefined> {
    const rows: { entity_ref: string; kind: string }[] = await this.knex(
      'model',
    )
      .select('entity_ref', 'kind')
      .where({ namespace: name.namespace, name: name.name })
      .whereNull('removed_at')
      .modify(q => {
        if (name.kind) q.where('kind', name.kind);
      });
    return rows.sort(
      (a, b) => KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind),
    )[0]?.entity_ref;
  }

  async refs(): Promise<string[]> {
    return this.knex('model').whereNull('removed_at').pluck('entity_ref');
  }

  /** The model leaves the lists; what is known of it stays for when it returns. */
  async markRemoved(entityRefs: string[], now: string): Promise<void> {
    await this.knex.transaction(async trx => {
      for (const ref of entityRefs) {
        await trx('model').where('entity_ref', ref).update({ removed_at: now });
        await trx('model_summary').where('entity_ref', ref).delete();
        await trx('model_summary_live').where('entity_ref', ref).delete();
        await trx('source_status').where('entity_ref', ref).delete();
      }
    });
  }

  async markDirty(entityRef: string): Promise<void> {
    await this.knex('model')
      .where('entity_ref', entityRef)
      .update({ dirty: 1 });
  }

  async dirtyRefs(limit: number): Promise<string[]> {
    return this.knex('model')
      .where('dirty', 1)
      .whereNull('removed_at')
      .limit(limit)
      .pluck('entity_ref');
  }

  /** Before summarising, so that a change during it makes the model dirty again. */
  async clearDirty(entityRef: string): Promise<void> {
    await this.knex('model')
      .where('entity_ref', entityRef)
      .update({ dirty: 0 });
  }
}
