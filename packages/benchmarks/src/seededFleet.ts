import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import {
  countsOf,
  type FleetRow,
  fleetRow,
  gramsOf,
  type StoredSummary,
} from '../../../plugins/model-delivery-backend/src/database/fleetRows';
import { hashOf } from '../../../plugins/model-delivery-backend/src/database/ModelStore';
import { createStores } from '../../../plugins/model-delivery-backend/src/database/stores';
import { ProviderRegistry } from '../../../plugins/model-delivery-backend/src/providers/ProviderRegistry';
import { entityKeys } from '../../../plugins/model-delivery-backend/src/sync/entityKeys';
import {
  fakeVersion,
  modelEntity,
} from '../../../plugins/model-delivery-backend/src/__testUtils__/fakes';
import { bareService } from './bareBackend';
import { runRow } from './runRow';

/** A team owns this many models, whatever the size of the fleet. */
const MODELS_PER_OWNER = 250;
const TYPES = ['classification', 'regression', 'forecasting', 'ranking'];
const LIFECYCLES = ['production', 'experimental', 'deprecated'];
const ROWS_AT_ONCE = 50;
/** The name of the model with a long history. */
export const LONG_LIVED = 'model-0';

/** @returns the owner that a person of the owners-only policy belongs to. */
export const ownerOf = (n: number) =>
  `group:default/team-${Math.floor(n / MODELS_PER_OWNER)}`;

const time = (n: number) =>
  new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString();

/**
 * Fills a database with models as the backend would have written them: one summary is built by the
 * backend itself, the others are copies with names, owners and times of their own.
 */
export async function seedFleet(
  knex: Knex,
  models: number,
  history: number,
): Promise<void> {
  const stores = createStores(knex);
  const template = await templateOf(knex);
  const counts = new Map<string, number>();
  const batches = new Batches(knex);
  for (let n = 0; n < models; n += 1) {
    const { spec, keys, summary, detail } = modelNumber(n, template);
    const row = fleetRow(summary);
    const environments = n % 3 === 0 ? ['staging', 'production'] : ['staging'];
    for (const { facet, value } of countsOf(row, environments)) {
      const key = JSON.stringify([facet, value]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    await addModel(batches, { spec, keys, row, summary, detail, environments });
  }
  for (const [key, number] of counts) {
    const [facet, value] = JSON.parse(key);
    await batches.add('fleet_count', { facet, value, n: number });
  }
  await batches.flush();
  const { entityRef } = modelSpecFromEntity(modelEntity(LONG_LIVED));
  for (let n = 0; n < history; n += 1) {
    const version = {
      ...fakeVersion(1),
      version: `1.${n}.0`,
      createdAt: time(n),
    };
    await batches.add('version', {
      entity_ref: entityRef,
      version: version.version,
      status: version.status,
      created_at: version.createdAt,
      data: JSON.stringify(version),
      evidence_at: time(n),
    });
    await batches.add('run', runRow(entityRef, n));
  }
  await batches.flush();
  await knex.raw(
    knex.client.config.client.includes('sqlite') ? 'ANALYZE' : 'VACUUM ANALYZE',
  );
  if ((await stores.models.refs()).length !== models) {
    throw new Error('Not every model was written');
  }
}

type Template = { summary: StoredSummary; detail: object };

/** One summary as the backend builds it. */
async function templateOf(knex: Knex): Promise<Template> {
  const stores = createStores(knex);
  const spec = modelSpecFromEntity(modelEntity('template'));
  await stores.models.upsert(spec, [], time(0));
  await stores.versions.upsert(spec.entityRef, fakeVersion(1));
  const service = bareService({ knex, registry: new ProviderRegistry() });
  await service.routeDeps.refresh(spec.entityRef);
  const { row, detail } = await knex('model_document').first();
  for (const table of [
    'model',
    'version',
    'model_summary',
    'model_document',
    'model_search',
    'fleet_count',
  ]) {
    await knex(table).delete();
  }
  return { summary: JSON.parse(row), detail: JSON.parse(detail) };
}

function modelNumber(n: number, template: Template) {
  const name = `model-${n}`;
  const owner = ownerOf(n);
  const entity = modelEntity(name);
  entity.spec = {
    ...entity.spec,
    owner,
    type: TYPES[n % TYPES.length],
    lifecycle: LIFECYCLES[n % LIFECYCLES.length],
  };
  entity.relations = [{ type: 'ownedBy', targetRef: owner }];
  const spec = modelSpecFromEntity(entity);
  const summary: StoredSummary = {
    ...template.summary,
    entityRef: spec.entityRef,
    name,
    title: name,
    owner,
    type: spec.type,
    lifecycle: spec.lifecycle,
    attention: n % 40 === 0 ? ['unhealthy'] : [],
    latestRun: JSON.parse(runRow(spec.entityRef, n).data),
  };
  const detail = { ...template.detail, entityRef: spec.entityRef, name, owner };
  return { spec, keys: entityKeys(entity), summary, detail };
}

async function addModel(
  batches: Batches,
  model: {
    spec: ReturnType<typeof modelSpecFromEntity>;
    keys: ReturnType<typeof entityKeys>;
    row: FleetRow;
    summary: StoredSummary;
    detail: object;
    environments: string[];
  },
): Promise<void> {
  const { spec, keys, row, summary, detail, environments } = model;
  const { entityRef: entity_ref } = spec;
  await batches.add('model', {
    entity_ref,
    kind: spec.kind,
    namespace: spec.namespace,
    name: spec.name,
    spec: JSON.stringify(spec),
    spec_hash: hashOf(spec, keys, null),
    seen_at: time(0),
    change_key: entity_ref.slice(-36),
    changes: 1,
    summarised: 1,
  });
  for (const key of keys) {
    await batches.add('model_entity_search', { entity_ref, ...key });
  }
  await batches.add('model_summary', row);
  await batches.add('model_document', {
    entity_ref,
    row: JSON.stringify(summary),
    detail: JSON.stringify(detail),
  });
  for (const gram of gramsOf(row.search)) {
    await batches.add('model_search', { gram, entity_ref });
  }
  for (const environment of environments) {
    await batches.add('model_summary_live', { environment, entity_ref });
  }
  for (const capability of [
    'pipelines',
    'versions',
    'deployments',
    'monitors',
  ]) {
    await batches.add('source_status', {
      entity_ref,
      source: `${capability}:fake`,
      provider: 'fake',
      capability,
      fetched_at: time(0),
      due_at: '2999-01-01T00:00:00.000Z',
    });
  }
}

/** Inserts rows in batches, by table. */
class Batches {
  readonly #knex: Knex;
  readonly #rows = new Map<string, object[]>();

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async add(table: string, row: object): Promise<void> {
    const rows = this.#rows.get(table) ?? [];
    this.#rows.set(table, rows);
    rows.push(row);
    if (rows.length >= ROWS_AT_ONCE * 20) await this.#write(table);
  }

  async flush(): Promise<void> {
    for (const table of this.#rows.keys()) await this.#write(table);
  }

  async #write(table: string): Promise<void> {
    const rows = this.#rows.get(table) ?? [];
    this.#rows.set(table, []);
    await this.#knex.transaction(trx =>
      trx.batchInsert(table, rows, ROWS_AT_ONCE),
    );
  }
}
