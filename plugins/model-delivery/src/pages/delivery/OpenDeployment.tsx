import { ButtonLink } from '@backstage/ui';
import type {
  Deployment,
  EnvironmentDetail,
} from '@slipway/plugin-model-delivery-common';
import { useModelAction } from '../../api';
import {
  GuardedButton,
  Icon,
  Notice,
  Region,
  Status,
  TimeAgo,
  Version,
} from '../../components';
import { useModelLinks } from '../../url';
import { count, deploymentNow, describeError, personName } from '../../words';
import styles from './delivery.module.css';

const DOING: Record<Deployment['action'], [verb: string, where: string]> = {
  deploy: ['Shipping', 'to'],
  promote: ['Shipping', 'to'],
  rollback: ['Going back to', 'in'],
};

/** The one deployment that is under way; it takes the place of the candidate. */
export function OpenDeployment(props: {
  environment: EnvironmentDetail;
  deployment: Deployment;
}) {
  const { environment, deployment } = props;
  const links = useModelLinks();
  const cancel = useModelAction('cancelDeployment');
  const [verb, where] = DOING[deployment.action];
  const met = deployment.gates.filter(gate => gate.outcome === 'pass').length;
  return (
    <Region
      className={styles.card}
      asks
      label={`Deployment to ${environment.name}`}
      title={
        <h2>
          {verb} <Version name={deployment.version} /> {where}{' '}
          {environment.name}
        </h2>
      }
      actions={<Status look={deploymentNow(deployment)} />}
      footer={
        <>
          <GuardedButton
            verb={deployment.action === 'rollback' ? 'rollback' : 'deploy'}
            variant="secondary"
            destructive
            isPending={cancel.isPending}
            onPress={() =>
              cancel.mutate({ params: { deploymentId: deployment.id } })
            }
          >
            {deployment.fromVersion
              ? `Cancel and stay on ${deployment.fromVersion}`
              : 'Cancel'}
          </GuardedButton>
          {deployment.waitsFor?.url && (
            <ButtonLink
              variant="secondary"
              href={deployment.waitsFor.url}
              target="_blank"
              rel="noopener noreferrer"
              iconEnd={<Icon name="external" />}
            >
              {deployment.waitsFor.kind === 'person'
                ? 'Review it there'
                : 'See it there'}
            </ButtonLink>
          )}
          {deployment.runId && (
            <ButtonLink
              variant="tertiary"
              href={links.run(deployment.runId)}
              iconEnd={<Icon name="external" />}
            >
              Follow the run
            </ButtonLink>
          )}
          <ButtonLink variant="tertiary" href={links.deployment(deployment.id)}>
            Every step
          </ButtonLink>
        </>
      }
    >
      <div className={styles.stack}>
        <p aria-live="polite">{deployment.message}</p>
        {deployment.reason && <p>“{deployment.reason}”</p>}
        <p className={styles.small}>
          {deployment.automatic
            ? 'Started by itself '
            : `Requested by ${personName(deployment.requestedBy)} `}
          <TimeAgo at={deployment.requestedAt} />
          {deployment.gates.length > 0 &&
            `. ${met} of ${count(deployment.gates.length, 'condition')} met`}
        </p>
        {cancel.error && (
          <Notice tone="bad" shape="octagon">
            It was not cancelled: {describeError(cancel.error).message}
          </Notice>
        )}
      </div>
    </Region>
  );
}
