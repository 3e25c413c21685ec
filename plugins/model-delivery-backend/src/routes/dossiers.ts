import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import { readDossier } from '../dossier/readDossier';
import { renderDossier } from '../dossier/renderDossier';
import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountModel } from './mount';
import { readCard } from './readCard';

export function mountDossiers(options: MountOptions, deps: RouteDeps): void {
  const read = (spec: ModelSpec, version: string, signal: AbortSignal) =>
    readDossier(
      deps.stores,
      spec,
      version,
      () => readCard(deps.registry, spec, version, signal),
      deps.now(),
    );

  mountModel(options, 'getDossier', ({ spec, params, signal }) =>
    read(spec, params.version, signal),
  );
  mountModel(options, 'getDossierPage', async ({ spec, params, signal }) =>
    renderDossier(await read(spec, params.version, signal)),
  );
}
