import { NotFoundError } from '@backstage/errors';
import type {
  ModelSpec,
  Version,
} from '@slipway/plugin-model-delivery-common/schema';
import { compareVersions } from '../aggregation/compareVersions';
import type { StoredVersion } from '../database/VersionStore';
import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountModel } from './mount';
import { readCard } from './readCard';
import { registryOf } from './registryOf';
import { sourcesOf } from './sourcesOf';
import { upstream } from './upstream';

export function mountVersions(options: MountOptions, deps: RouteDeps): void {
  const { stores, registry } = deps;

  const withLive = async (
    spec: ModelSpec,
    versions: StoredVersion[],
  ): Promise<Version[]> => {
    const live = await stores.live.current(spec.entityRef);
    return versions.map(version => ({
      ...version,
      liveIn: [...live.values()]
        .filter(i => i.version === version.version)
        .map(i => i.environment),
    }));
  };
  const unknownVersion = (spec: ModelSpec, version: string) =>
    new NotFoundError(
      `There is no version ${version} of ${spec.name}, or you do not have permission to see it`,
    );
  mountModel(options, 'listVersions', async ({ spec, query }) => {
    const { items, nextCursor } = await stores.versions.list(
      spec.entityRef,
      { status: query.status },
      query,
    );
    return {
      items: await withLive(spec, items),
      nextCursor,
      sources: await sourcesOf(deps, spec, 'versions'),
    };
  });

  mountModel(options, 'compareVersions', async ({ spec, query }) => {
    const evidencePending = await deps.evidence.lookAt(spec, query.version);
    const found = await stores.versions.find(spec.entityRef, query.version);
    const evidence = await stores.versions.evidenceOf(
      spec.entityRef,
      'version',
      query.version,
    );
    const ordered = query.version.map(name => {
      const version = found.get(name);
      if (!version) throw unknownVersion(spec, name);
      return version;
    });
    const versions = await withLive(spec, ordered);
    return {
      ...compareVersions(
        versions.map(v => ({ ...v, evidence: evidence.get(v.version) ?? [] })),
      ),
      evidencePending,
    };
  });

  mountModel(options, 'getVersion', async ({ spec, params }) => {
    const stored = await stores.versions.get(spec.entityRef, params.version);
    if (!stored) throw unknownVersion(spec, params.version);
    const evidencePending = await deps.evidence.lookAt(spec, [params.version]);
    const [version] = await withLive(spec, [stored]);
    return {
      ...version,
      evidence: await stores.versions.evidence(spec.entityRef, {
        type: 'version',
        id: params.version,
      }),
      evidencePending,
    };
  });

  mountModel(options, 'getVersionCard', async ({ spec, params, signal }) => {
    const card = await readCard(registry, spec, params.version, signal);
    if (card === null) {
      throw new NotFoundError(
        `Version ${params.version} of ${spec.name} has no model card`,
      );
    }
    return card;
  });

  mountModel(options, 'getVersionSignature', async call => {
    const { spec, params, signal } = call;
    const { provider, model } = registryOf(registry, spec);
    const found = await upstream(provider.title, () =>
      provider.getSignature(model, params.version, { signal }),
    );
    if (!found) {
      throw new NotFoundError(
        `Version ${params.version} of ${spec.name} has no signature`,
      );
    }
    return found;
  });
}
