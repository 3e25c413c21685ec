import { Link } from '@backstage/ui';
import type {
  EnvironmentDetail,
  ModelDetail,
} from '@slipway/plugin-model-delivery-common';
import { Notice, Version } from '../../components';
import { useModelLinks } from '../../url';

/** Says that the newest version is not the candidate because its own gates rejected it. */
export function RejectedVersion(props: {
  model: ModelDetail;
  environment: EnvironmentDetail;
}) {
  const links = useModelLinks();
  const { latestVersion } = props.model;
  const live = props.environment.live?.version;
  if (latestVersion?.status !== 'rejected') return null;
  const reasons = latestVersion.reasons.join('; ');
  return (
    <Notice tone="warning" shape="bar">
      <b>
        <Version name={latestVersion.version} /> was rejected
      </b>
      {reasons && `: ${reasons}`}.{' '}
      {live && live !== latestVersion.version && (
        <Link href={links.compare([live, latestVersion.version])}>
          Compare with live
        </Link>
      )}
    </Notice>
  );
}
