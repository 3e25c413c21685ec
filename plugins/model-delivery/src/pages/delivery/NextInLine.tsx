import type {
  Deployment,
  EnvironmentDetail,
} from '@slipway/plugin-model-delivery-common';
import { Version } from '../../components';
import { personName } from '../../words';
import styles from './delivery.module.css';

/** The version that automatic delivery requests when a deployment has ended, and who requested that one. */
export function NextInLine(props: {
  environment: EnvironmentDetail;
  deployment: Deployment;
}) {
  const { environment, deployment } = props;
  const { candidate, candidateGates: report, hold, spec } = environment;
  const isNext =
    spec.deploy === 'automatic' &&
    !hold &&
    candidate !== null &&
    candidate !== deployment.version &&
    report !== null &&
    ['pass', 'needs-approval'].includes(report.outcome) &&
    report.waits.every(wait => wait.kind === 'approvals');
  if (!isNext) return null;
  return (
    <p className={styles.small}>
      <Version name={candidate} /> waits for{' '}
      {deployment.automatic
        ? 'the deployment'
        : `${personName(deployment.requestedBy)}’s request`}{' '}
      of {deployment.version} to end. Automatic delivery requests it then.
    </p>
  );
}
