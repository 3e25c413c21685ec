import { PluginHeader } from '@backstage/ui';
import { modelIcon } from '../icons';
import { FleetPage, NewModelButton } from '../pages/fleet';

/** The fleet with the header that the new system puts above every page. */
export function LegacyModelsPage() {
  return (
    <>
      <PluginHeader
        title="Models"
        icon={modelIcon}
        customActions={<NewModelButton />}
      />
      <FleetPage />
    </>
  );
}
