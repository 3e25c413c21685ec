import type { ModelDetail } from '@slipway/plugin-model-delivery-common';
import { ModelPage, NotConfigured, SourceLine } from '../../components';
import { useUrlState } from '../../url';
import { AuditTrail } from './audit';
import { DeploymentRegion } from './DeploymentRegion';
import { Events } from './Events';
import { Figures } from './Figures';
import { Flow } from './Flow';
import { History } from './History';
import { useDialogs } from './useDialogs';
import { UseIt } from './UseIt';

/** What is live, what is next and why not, what happened. */
export function DeliveryTab() {
  return <ModelPage>{model => <Delivery model={model} />}</ModelPage>;
}

function Delivery({ model }: { model: ModelDetail }) {
  const { params } = useUrlState();
  const dialogs = useDialogs(model.environments);
  const environments = model.environments.map(environment => environment.name);
  const deployment = params.get('deployment');
  return (
    <>
      <SourceLine sources={model.sources} />
      {environments.length === 0 ? (
        <NotConfigured part="environments" />
      ) : (
        <>
          <Flow model={model} onOpenDialog={dialogs.open} />
          {deployment && <DeploymentRegion id={deployment} />}
          <History environments={environments} />
          <Figures environments={environments} />
          <UseIt model={model} />
          <Events environments={environments} />
          <AuditTrail />
        </>
      )}
      {dialogs.element}
    </>
  );
}
