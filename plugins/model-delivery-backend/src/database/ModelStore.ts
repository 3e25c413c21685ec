import { createHash, randomUUID } from 'node:crypto';
import {
  type ModelSpec,
  modelSpec,
  type Repository,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { recordModelChange } from './modelChanges';
import { removeSummary } from './SummaryStore';

export interface EntityKey {
  key: string;
  value: string | null;
}

export interface StoredModel {
  spec: ModelSpec;
  changeKey: string;
  repository: Repository | null;
  /** Why the entity is invalid now, where the spec is the last valid one. */
  problem: string | null;
  /** Raised with every change of what the summary is made of. */
  changes: number;
  /** What the stored summary was made from. */
  summarised: number;
}

export interface ModelTitle {
  entityRef: string;
  kind: string;
  namespace: string;
  name: string;
  title: string;
}

const KIND_ORDER = ['mlmodel', 'component', 'resource'];

/** The models that the catalog told us of. */
export class ModelStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** The hash of each model that the catalog has, as `hashOf` makes it. */
  async hashes(): Promise<Map<string, string>> {
    const rows: { entity_ref: string; spec_hash: string }[] = await this.#knex(
      'model',
    )
      .select('entity_ref', 'spec_hash')
      .whereNull('removed_at');
    return new Map(rows.map(row => [row.entity_ref, row.spec_hash]));
  }

  /** Writes a model; answers whether anything about it is new. */
  async upsert(
    spec: ModelSpec,
    keys: EntityKey[],
    now: string,
    problem: string | null = null,
  ): Promise<boolean> {
    const text = JSON.stringify(spec);
    const hash = hashOf(spec, keys, problem);
    return this.#knex.transaction(async trx => {
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
          problem,
          seen_at: now,
          removed_at: null,
          change_key: randomUUID(),
        })
        .onConflict('entity_ref')
        .merge(['spec', 'spec_hash', 'problem', 'seen_at', 'removed_at']);
      await recordModelChange(trx, spec.entityRef);
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
    const row = await this.#knex('model')
      .select(
        'spec',
        'change_key',
        'repository',
        'problem',
        'changes',
        'summarised',
      )
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
        problem: row.problem,
        changes: Number(row.changes),
        summarised: Number(row.summarised),
      }
    );
  }

  /** The spec as it was last valid, also of a model that has left the catalog. */
  async lastSpec(entityRef: string): Promise<ModelSpec | undefined> {
    const row = await this.#knex('model')
      .select('spec')
      .where({ entity_ref: entityRef })
      .first();
    return row && modelSpec.parse(JSON.parse(row.spec));
  }

  /** How pages name models that the catalog has, by entity ref. */
  async titles(entityRefs: string[]): Promise<Map<string, ModelTitle>> {
    const specs = await this.getAll([...new Set(entityRefs)]);
    return new Map(
      [...specs].map(([ref, { entityRef, kind, namespace, name, title }]) => [
        ref,
        { entityRef, kind, namespace, name, title: title ?? name },
      ]),
    );
  }

  /** Those of them that the catalog has, by entity ref. */
  async getAll(entityRefs: string[]): Promise<Map<string, ModelSpec>> {
    const rows: { entity_ref: string; spec: string }[] = await this.#knex(
      'model',
    )
      .select('entity_ref', 'spec')
      .whereIn('entity_ref', entityRefs)
      .whereNull('removed_at');
    return new Map(
      rows.map(row => [row.entity_ref, modelSpec.parse(JSON.parse(row.spec))]),
    );
  }

  /**
   * Records why the entity is invalid now; its spec stays as last valid.
   *
   * @returns whether that is new.
   */
  async setProblem(entityRef: string, problem: string): Promise<boolean> {
    const count = await this.#knex('model')
      .where('entity_ref', entityRef)
      .andWhere(q => q.whereNull('problem').orWhereNot('problem', problem))
      .update({
        problem,
        // No valid entity has this hash, so the next one is stored.
        spec_hash: '',
        changes: this.#knex.raw('changes + 1'),
      });
    return count > 0;
  }

  async setRepository(
    entityRef: string,
    repository: Repository,
  ): Promise<void> {
    const text = JSON.stringify(repository);
    await this.#knex('model')
      .where('entity_ref', entityRef)
      .andWhere(q => q.whereNull('repository').orWhereNot('repository', text))
      .update({
        repository: text,
        changes: this.#knex.raw('changes + 1'),
      });
  }

  /** Of the kinds that share a name, MLModel wins over Component over Resource. */
  async findRef(name: {
    kind?: string;
    namespace: string;
    name: string;
  }): Promise<string | undefined> {
    const rows: { entity_ref: string; kind: string }[] = await this.#knex(
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
    return this.#knex('model').whereNull('removed_at').pluck('entity_ref');
  }

  /** The model leaves the lists; what is known of it stays for when it returns. */
  async markRemoved(entityRefs: string[], now: string): Promise<void> {
    await this.#knex.transaction(async trx => {
      for (const ref of [...entityRefs].sort()) {
        await trx('model').where('entity_ref', ref).update({ removed_at: now });
        await removeSummary(trx, ref);
        await trx('source_status').where('entity_ref', ref).delete();
      }
    });
  }

  /** Models whose summary is older than what it is made of. */
  async staleRefs(limit: number): Promise<string[]> {
    return this.#knex('model')
      .whereRaw('summarised < changes')
      .whereNull('removed_at')
      .limit(limit)
      .pluck('entity_ref');
  }

  /** Models whose summary is outdated although no fact changed, the longest outdated first. */
  async dueRefs(now: string, limit: number): Promise<string[]> {
    return this.#knex('model')
      .where('due_at', '<=', now)
      .whereNull('removed_at')
      .orderBy('due_at')
      .limit(limit)
      .pluck('entity_ref');
  }

  /** Makes the summary of a model that was due stale, so that it is built for the time that is now. */
  async settleDue(entityRef: string, now: string): Promise<void> {
    await this.#knex('model')
      .where('entity_ref', entityRef)
      .where('due_at', '<=', now)
      .update({ due_at: null, changes: this.#knex.raw('changes + 1') });
  }
}

/** Equal while an entity says the same. */
export function hashOf(
  spec: ModelSpec,
  keys: EntityKey[],
  problem: string | null,
): string {
  return createHash('sha256')
    .update(JSON.stringify(spec))
    .update(JSON.stringify(keys))
    .update(problem ?? '')
    .digest('hex');
}
