import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { PagedRegistry } from '../__testUtils__/PagedRegistry';
import { modelEntity } from '../__testUtils__/fakes';
import { memoryStores } from '../__testUtils__/memoryStores';
import type { Stores } from '../database/stores';
import { ProviderRegistry } from '../providers/ProviderRegistry';
import { EvidenceReader } from './EvidenceReader';
import { VersionSyncer } from './VersionSyncer';

const spec = modelSpecFromEntity(modelEntity());
const ref = spec.entityRef;

describe('VersionSyncer', () => {
  let knex: Knex;
  let stores: Stores;
  let registry: PagedRegistry;
  let syncer: VersionSyncer;
  let told: number;
  /** What could be shown when there was news: the newest version, and how many were asked about. */
  let shown: [string | undefined, number][];
  let now: Date;
  beforeEach(async () => {
    ({ knex, stores } = await memoryStores());
    registry = new PagedRegistry();
    const providers = new ProviderRegistry();
    providers.add('versions', registry as never);
    told = 0;
    now = new Date('2026-02-01T00:00:00.000Z');
    shown = [];
    syncer = new VersionSyncer({
      stores,
      registry: providers,
      evidence: new EvidenceReader({
        stores,
        registry: providers,
        onRead: async () => undefined,
        now: () => now,
      }),
      onNews: async () => {
        const newest = await stores.versions.newest(ref);
        shown.push([newest?.version, registry.evidenceOf.length]);
      },
      onRead: async () => {
        told += 1;
      },
      now: () => now,
    });
  });
  afterEach(() => knex.destroy());

  const sync = () =>
    syncer.sync(spec, 'fake', { signal: new AbortController().signal });
  const count = async () =>
    Number((await knex('version').count({ n: '*' }))[0].n);
  const live = (version: string) =>
    knex('live_interval').insert({
      entity_ref: ref,
      environment: 'production',
      version,
      digest: null,
      from: '2026-01-01T00:00:00.000Z',
      to: null,
      by: 'user:default/ada',
      automatic: 0,
      deployment_id: `d-${version}`,
      reason: '',
      open_key: `${ref}/production`,
    });

  it('reads a long history in several goes, each from where the last one stopped', async () => {
    registry.add(4_510);
    expect(await sync()).toEqual({ changed: true, againInSeconds: 1 });
    expect(await count()).toBe(2_000);
    expect((await stores.versions.newest(ref))?.version).toBe('4510');
    // A page is spent on looking for news at the top.
    expect((await sync()).againInSeconds).toBe(1);
    expect(await count()).toBe(3_900);
    expect((await sync()).againInSeconds).toBe(60);
    expect(await count()).toBe(4_510);
    expect(told).toBe(3);

    registry.pages = [];
    expect(await sync()).toEqual({ changed: false, againInSeconds: 60 });
    expect(registry.pages).toHaveLength(1);
  });

  it('leaves no gap where it was cut short, even with news at the top', async () => {
    registry.add(600);
    registry.failAtPage = { page: 3, error: new Error('The socket closed') };
    await expect(sync()).rejects.toThrow('The socket closed');
    expect(await count()).toBe(200);
    registry.add(150);
    registry.failAtPage = { page: 4, error: new Error('Again') };
    await expect(sync()).rejects.toThrow('Again');
    await sync();
    expect(await count()).toBe(750);
  });

  it('begins anew where its cursor is not taken any more', async () => {
    registry.add(400);
    registry.failAtPage = { page: 3, error: new Error('The socket closed') };
    await expect(sync()).rejects.toThrow();
    registry.failAtPage = {
      page: 4,
      error: new ProviderError('bad-data', 'What is this cursor?'),
    };
    await expect(sync()).rejects.toThrow('What is this cursor?');
    await sync();
    expect(await count()).toBe(400);
  });

  it('does not go on with the cursor of another registered model', async () => {
    registry.add(400);
    registry.failAtPage = { page: 3, error: new Error('The socket closed') };
    await expect(sync()).rejects.toThrow();
    registry.pages = [];
    await syncer.sync(
      { ...spec, versions: { provider: 'fake', name: 'another' } },
      'fake',
      { signal: new AbortController().signal },
    );
    expect(registry.pages).not.toContain('200');
  });

  it('reads the evidence of the newest version and of the live one alone', async () => {
    registry.add(250);
    await live('7');
    await sync();
    expect(registry.evidenceOf).toEqual(['250', '7']);
    registry.evidenceOf = [];
    await sync();
    expect(registry.evidenceOf).toEqual([]);
    registry.add(1);
    registry.versions[6] = { ...registry.versions[6], aliases: ['production'] };
    await sync();
    expect(registry.evidenceOf).toEqual(['251', '7']);
  });

  it('shows new versions before it asks what was proved about them', async () => {
    registry.add(3);
    await sync();
    await sync();
    expect(shown).toEqual([['3', 0]]);
    registry.add(1);
    await sync();
    expect(shown).toEqual([
      ['3', 0],
      ['4', 1],
    ]);
  });

  it('sees that an alias went from a version far down to the newest', async () => {
    registry.add(350);
    registry.versions[0] = { ...registry.versions[0], aliases: ['champion'] };
    await sync();
    registry.versions[0] = { ...registry.versions[0], aliases: [] };
    registry.versions[349] = {
      ...registry.versions[349],
      aliases: ['champion'],
    };
    await sync();
    expect((await stores.versions.get(ref, '1'))?.aliases).toEqual([]);
    expect((await stores.versions.get(ref, '350'))?.aliases).toEqual([
      'champion',
    ]);
  });

  it('sees what was marked on a live version far down, and keeps one that is gone', async () => {
    registry.add(350);
    await live('2');
    await sync();
    registry.versions[1] = { ...registry.versions[1], aliases: ['production'] };
    expect((await sync()).changed).toBe(true);
    expect((await stores.versions.get(ref, '2'))?.aliases).toEqual([
      'production',
    ]);
    delete registry.versions[1];
    await sync();
    expect(await stores.versions.get(ref, '2')).toBeDefined();
  });

  it('looks through everything once a day, and through the top otherwise', async () => {
    registry.add(350);
    await sync();
    registry.versions[4] = {
      ...registry.versions[4],
      reasons: ['Found out later'],
    };
    now = new Date('2026-02-01T23:59:00.000Z');
    expect((await sync()).changed).toBe(false);
    now = new Date('2026-02-02T00:00:00.000Z');
    expect((await sync()).changed).toBe(true);
    expect((await stores.versions.get(ref, '5'))?.reasons).toEqual([
      'Found out later',
    ]);
    registry.pages = [];
    await sync();
    expect(registry.pages).toHaveLength(1);
  });

  describe('of which something does not hold', () => {
    const spoil = (n: number) => {
      registry.versions[n - 1] = {
        ...registry.versions[n - 1],
        createdAt: 'yesterday',
      };
    };
    const named = (n: number) =>
      `Fake registry returned invalid data about version ${n}: version.createdAt is "yesterday"`;

    it('costs the one version, wherever it lies, and says so until it holds', async () => {
      registry.add(350);
      spoil(7);
      spoil(349);
      const { missing, changed } = await sync();
      expect(changed).toBe(true);
      expect(await count()).toBe(348);
      expect(missing).toMatchObject({ kind: 'bad-data' });
      expect(missing?.message).toContain(named(349));
      expect(missing?.message).toMatch(/ 1 more could not be loaded\.$/);

      const whole = new PagedRegistry();
      whole.add(350);
      registry.versions[348] = whole.versions[348];
      expect((await sync()).missing?.message).toContain(named(7));
      registry.pages = [];
      expect(await sync()).toMatchObject({ changed: false });
      expect(registry.pages).toHaveLength(1);
      registry.versions[6] = whole.versions[6];
      expect(await sync()).toMatchObject({ changed: true, missing: undefined });
      expect(await count()).toBe(350);
    });

    it('keeps what was known of it', async () => {
      registry.add(3);
      await sync();
      spoil(2);
      expect((await sync()).missing?.message).toContain(named(2));
      expect(await count()).toBe(3);
      delete registry.versions[1];
      registry.versions = [registry.versions[0], registry.versions[2]];
      registry.getVersion = async () => {
        throw new ProviderError('not-found', 'gone');
      };
      expect((await sync()).missing).toBeUndefined();
      expect(await count()).toBe(3);
    });

    it('fails as a whole where nothing holds', async () => {
      registry.add(350);
      for (let n = 1; n <= 350; n += 1) spoil(n);
      await expect(sync()).rejects.toMatchObject({ kind: 'bad-data' });
      expect(registry.pages).toHaveLength(1);
    });

    it('takes versions without what has a default', async () => {
      registry.add(1);
      const { artifactUri: _, ...rest } = registry.versions[0];
      registry.versions = [rest as never];
      expect((await sync()).missing).toBeUndefined();
      expect((await stores.versions.get(ref, '1'))?.artifactUri).toBeNull();
      expect((await sync()).changed).toBe(false);
    });

    it('asks for evidence again, whose versions show meanwhile', async () => {
      registry.add(2);
      const asked = jest
        .spyOn(registry, 'getEvidence')
        .mockResolvedValue([{ kind: 'tests' }] as never);
      expect((await sync()).missing?.message).toContain(
        'Fake registry returned invalid data about version 2: evidence[0].',
      );
      expect(await count()).toBe(2);
      asked.mockRestore();
      expect(await sync()).toMatchObject({ changed: true, missing: undefined });
      expect(
        await stores.versions.evidence(ref, { type: 'version', id: '2' }),
      ).toHaveLength(1);
    });
  });
});
