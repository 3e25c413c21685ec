import { PluginHeader } from '@backstage/ui';
import { modelIcon } from '../icons';
import { FleetActions, NewModelButton } from '../pages/fleet';
import { ModelsPages } from '../pages/models';

/** The fleet with the header that the new system puts above every page. */
export function LegacyModelsPage() {
  return (
    <>
      <PluginHeader
        title="Models"
        icon={modelIcon}
        customActions={
          <>
            <FleetActions />
            <NewModelButton />
          </>
        }
      />
      <ModelsPages />
    </>
  );
}
