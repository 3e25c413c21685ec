import { Link } from '@backstage/ui';
import type {
  EnvironmentDetail,
  ModelDetail,
} from '@slipway/plugin-model-delivery-common';
import { Notice, TimeAgo, Version } from '../../components';
import { useModelLinks } from '../../url';
import { deploymentState } from '../../words';

/** How the last delivery ended, where it did not end as it was meant to. */
export function LastAttempt(props: {
  model: ModelDetail;
  environment: EnvironmentDetail;
}) {
  const links = useModelLinks();
  const last = props.model.lastDelivery;
  if (
    last?.environment !== props.environment.name ||
    (last.state !== 'failed' && last.state !== 'blocked')
  ) {
    return null;
  }
  const failed = last.state === 'failed';
  return (
    <Notice
      tone={failed ? 'bad' : 'warning'}
      shape={deploymentState(last.state).shape}
    >
      <b>
        <Version name={last.version} /> {failed ? 'failed' : 'was blocked'}
      </b>
      , <TimeAgo at={last.finishedAt ?? last.requestedAt} />. {last.message}{' '}
      <Link href={links.deployment(last.id)}>What happened</Link>
    </Notice>
  );
}
