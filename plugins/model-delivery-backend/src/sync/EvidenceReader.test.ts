import {
  type Evidence,
  modelSpecFromEntity,
} from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { PagedRegistry } from '../__testUtils__/PagedRegistry';
import { modelEntity, unitTests } from '../__testUtils__/fakes';
import { memoryStores } from '../__testUtils__/memoryStores';
import type { Stores } from '../database/stores';
import { ProviderRegistry } from '../providers/ProviderRegistry';
import { EvidenceReader } from './EvidenceReader';

const spec = modelSpecFromEntity(modelEntity());
const ref = spec.entityRef;

describe('EvidenceReader', () => {
  let knex: Knex;
  let stores: Stores;
  let registry: PagedRegistry;
  let reader: EvidenceReader;
  let told: string[];
  beforeEach(async () => {
    ({ knex, stores } = await memoryStores());
    registry = new PagedRegistry();
    registry.add(5);
    await stores.versions.upsert(ref, ...registry.versions);
    const providers = new ProviderRegistry();
    providers.add('versions', registry as never);
    told = [];
    reader = new EvidenceReader({
      stores,
      registry: providers,
      onRead: async entityRef => {
        told.push(entityRef);
      },
      now: () => new Date(),
    });
  });
  afterEach(async () => {
    await reader.stop();
    await knex.destroy();
  });

  const known = (version: string) =>
    stores.versions.evidence(ref, { type: 'version', id: version });

  /** A registry that answers when the test says so. */
  const slow = () => {
    let answer: (evidence: Evidence[]) => void = () => undefined;
    const promise = new Promise<Evidence[]>(resolve => {
      answer = resolve;
    });
    const asked = jest
      .spyOn(registry, 'getEvidence')
      .mockImplementation(() => promise);
    return { asked, answer: () => answer([unitTests()]) };
  };

  it('does not let a page wait for a registry, and tells when it answered', async () => {
    const { asked, answer } = slow();
    const pending = { versions: ['3'], problem: null };
    expect(await reader.lookAt(spec, ['3'])).toEqual(pending);
    expect(await reader.lookAt(spec, ['3'])).toEqual(pending);
    expect(told).toEqual([]);

    answer();
    await reader.stop();
    expect(told).toEqual([ref]);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(await reader.lookAt(spec, ['3'])).toBeNull();
    expect(await known('3')).toHaveLength(1);
  });

  it('stores the signature with the evidence, as of when the version was registered', async () => {
    const signature = {
      inputs: [{ name: 'mass', datatype: 'FP32', shape: [-1] }],
      outputs: [],
    };
    jest.spyOn(registry, 'getSignature').mockResolvedValue(signature);
    await reader.readNow(spec, '3');
    const { createdAt } = (await stores.versions.get(ref, '3'))!;
    expect(await known('3')).toContainEqual({
      kind: 'signature',
      status: 'pass',
      summary: '1 input, 0 outputs',
      at: createdAt,
      runId: null,
      signature,
    });
  });

  it.each([
    ['is malformed', async () => ({ inputs: 3 }) as never],
    [
      'does not exist',
      async () => {
        throw new ProviderError('not-found', 'None.');
      },
    ],
  ])('stores the other evidence where the signature %s', async (_, answer) => {
    jest.spyOn(registry, 'getSignature').mockImplementation(answer);
    jest.spyOn(registry, 'getEvidence').mockResolvedValue([unitTests()]);
    await reader.readNow(spec, '3');
    expect(await known('3')).toEqual([unitTests()]);
    expect(await reader.lookAt(spec, ['3'])).toBeNull();
  });

  it('reads a version again whose signature could not be fetched', async () => {
    jest.spyOn(registry, 'getSignature').mockImplementation(async () => {
      throw new ProviderError('unavailable', 'Away.');
    });
    await reader.readNow(spec, '3');
    expect(await known('3')).toEqual([]);
    expect(await reader.lookAt(spec, ['3'])).toMatchObject({ versions: ['3'] });
  });

  it('asks for what nobody looked at, once, and for no version that there is not', async () => {
    await reader.lookAt(spec, ['3', '5', 'none']);
    await reader.stop();
    expect(await reader.lookAt(spec, ['3', '5', 'none'])).toBeNull();
    expect(registry.evidenceOf.sort()).toEqual(['3', '5']);
  });

  it('says why a registry could not tell, and leaves it alone for a while', async () => {
    const asked = jest
      .spyOn(registry, 'getEvidence')
      .mockRejectedValue(new ProviderError('unavailable', 'It is down.'));
    expect(await reader.lookAt(spec, ['3'])).toMatchObject({ problem: null });
    await reader.stop();
    expect(await reader.lookAt(spec, ['3'])).toEqual({
      versions: ['3'],
      problem: 'It is down.',
    });
    await reader.stop();
    expect(asked).toHaveBeenCalledTimes(1);
    expect(told).toEqual([]);
  });

  it('says which part of what a registry told does not hold', async () => {
    jest
      .spyOn(registry, 'getEvidence')
      .mockResolvedValue([{ ...unitTests(), passed: 'all' }] as never);
    await reader.lookAt(spec, ['3']);
    await reader.stop();
    expect(await reader.lookAt(spec, ['3'])).toMatchObject({
      problem: expect.stringContaining('evidence[0].passed is "all"'),
    });
    expect(await known('3')).toEqual([]);
  });

  it('says which setting is missing where a model names no registry', async () => {
    const { versions, ...without } = spec;
    await reader.lookAt(without, ['3']);
    await reader.stop();
    expect(await reader.lookAt(without, ['3'])).toMatchObject({
      problem: expect.stringContaining('spec.versions'),
    });
  });

  it('waits for what is decided about, and never fails by it', async () => {
    jest
      .spyOn(registry, 'getEvidence')
      .mockRejectedValueOnce(new ProviderError('unavailable', 'It is down.'));
    await reader.readNow(spec, '3');
    expect(await known('3')).toEqual([]);
    await reader.readNow(spec, '3');
    expect(await known('3')).toHaveLength(1);
  });
});
