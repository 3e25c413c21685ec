import { Link } from '@backstage/ui';
import type { DeploymentDetail } from '@slipway/plugin-model-delivery-common';
import { useModelDetail } from '../api';
import { GateList, Notice, TimeAgo, Version } from '../components';
import { useModelLinks } from '../url';
import { describeError, isConflict, personName } from '../words';

/** What stands in the way: somebody who was first, a gate, or an error. */
export function DeliveryAnswer(props: {
  environment: string;
  error: Error | null;
  blocked?: DeploymentDetail;
  onFollow: () => void;
}) {
  const { environment, error, blocked, onFollow } = props;
  const links = useModelLinks();
  if (blocked) {
    return (
      <Notice tone="warning" shape="bar">
        <b>Blocked.</b> {blocked.message}
        <GateList
          gates={blocked.gates.filter(gate => gate.outcome !== 'pass')}
          runHref={links.run}
        />
      </Notice>
    );
  }
  if (!error) return null;
  if (isConflict(error)) {
    return (
      <FirstPerson
        environment={environment}
        message={describeError(error).message}
        onFollow={onFollow}
      />
    );
  }
  const { message, kind } = describeError(error);
  return (
    <Notice tone="bad" shape="octagon">
      <b>The request failed.</b> {message} <small>({kind})</small>
    </Notice>
  );
}

/** Two people acted at once: names the first one to the second. */
function FirstPerson(props: {
  environment: string;
  message: string;
  onFollow: () => void;
}) {
  const links = useModelLinks();
  const open = useModelDetail().data?.environments.find(
    environment => environment.name === props.environment,
  )?.openDeployment;
  const doing = open?.action === 'rollback' ? 'rolling back to' : 'deploying';
  return (
    <Notice tone="warning" shape="bar">
      {open ? (
        <>
          <b>
            {personName(open.requestedBy)} is already {doing}{' '}
            <Version name={open.version} />
          </b>
          , <TimeAgo at={open.requestedAt} />. Only one deployment can be open
          per environment.{' '}
          <Link href={links.deployment(open.id)} onClick={props.onFollow}>
            Open that deployment
          </Link>
        </>
      ) : (
        props.message
      )}
    </Notice>
  );
}
