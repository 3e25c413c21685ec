import { Link } from '@backstage/ui';
import type {
  EnvironmentDetail,
  ModelDetail,
} from '@slipway/plugin-model-delivery-common';
import { Notice, TimeAgo, Version } from '../../components';
import { useModelLinks } from '../../url';
import { deploymentState } from '../../words';

const ENDED = {
  failed: 'failed',
  blocked: 'was blocked',
  rejected: 'was rejected',
};

/** How the last delivery ended, where it did not end as it was meant to. */
export function LastAttempt(props: {
  model: ModelDetail;
  environment: EnvironmentDetail;
}) {
  const links = useModelLinks();
  const last = props.model.lastDelivery;
  if (last?.environment !== props.environment.name || !(last.state in ENDED)) {
    return null;
  }
  const failed = last.state === 'failed';
  const ended = ENDED[last.state as keyof typeof ENDED];
  return (
    <Notice
      tone={failed ? 'bad' : 'warning'}
      shape={deploymentState(last.state).shape}
    >
      <b>
        <Version name={last.version} /> {ended}
      </b>
      , <TimeAgo at={last.finishedAt ?? last.requestedAt} />. {last.message}{' '}
      <Link href={links.deployment(last.id)}>What happened</Link>
    </Notice>
  );
}
