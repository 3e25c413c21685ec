import { ButtonLink } from '@backstage/ui';
import type {
  Deployment,
  EnvironmentDetail,
} from '@slipway/plugin-model-delivery-common';
import { lazy, Suspense, useState } from 'react';
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
import { EffectNotice } from './EffectNotice';
import { NextInLine } from './NextInLine';
import { RolloutTrack } from './RolloutTrack';
import { Transfer } from './Transfer';

const ContinueRolloutDialog = lazy(() =>
  import('../../dialogs').then(m => ({ default: m.ContinueRolloutDialog })),
);
const ForceReleaseDialog = lazy(() =>
  import('../../dialogs').then(m => ({ default: m.ForceReleaseDialog })),
);

const DOING: Record<Deployment['action'], [verb: string, where: string]> = {
  deploy: ['Deploying', 'to'],
  promote: ['Promoting', 'to'],
  rollback: ['Rolling back to', 'in'],
};

const verbOf = ({ action }: Deployment) =>
  action === 'rollback' ? 'rollback' : 'deploy';

/** The one deployment that is open; it takes the place of the candidate. */
export function OpenDeployment(props: {
  environment: EnvironmentDetail;
  deployment: Deployment;
}) {
  const { environment, deployment } = props;
  const links = useModelLinks();
  const cancel = useModelAction('cancelDeployment');
  const [releasing, setReleasing] = useState(false);
  const [continuing, setContinuing] = useState(false);
  const { rollout } = deployment;
  const isPaused = deployment.state === 'rolling-out' && !!rollout?.paused;
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
          {isPaused && (
            <GuardedButton
              verb="deploy"
              environment={environment.name}
              variant="primary"
              onPress={() => setContinuing(true)}
            >
              Continue…
            </GuardedButton>
          )}
          {deployment.state === 'cancelling' ? (
            <GuardedButton
              verb={verbOf(deployment)}
              environment={environment.name}
              variant="secondary"
              destructive
              onPress={() => setReleasing(true)}
            >
              Force release…
            </GuardedButton>
          ) : (
            <GuardedButton
              verb={verbOf(deployment)}
              environment={environment.name}
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
          )}
          {deployment.waitsFor?.url && (
            <ButtonLink
              variant="secondary"
              href={deployment.waitsFor.url}
              target="_blank"
              rel="noopener noreferrer"
              iconEnd={<Icon name="external" />}
            >
              {deployment.waitsFor.kind === 'person' ? 'Review' : 'Open'}
            </ButtonLink>
          )}
          {deployment.deployRunId && (
            <ButtonLink
              variant="tertiary"
              href={links.run(deployment.deployRunId)}
              iconEnd={<Icon name="external" />}
            >
              Open the run
            </ButtonLink>
          )}
          <ButtonLink variant="tertiary" href={links.deployment(deployment.id)}>
            All steps
          </ButtonLink>
        </>
      }
    >
      <div className={styles.stack}>
        <p aria-live="polite">{deployment.message}</p>
        {deployment.transfer && <Transfer transfer={deployment.transfer} />}
        {rollout && (
          <RolloutTrack
            rollout={rollout}
            version={deployment.version}
            fromVersion={deployment.fromVersion}
            moving={deployment.state === 'rolling-out'}
          />
        )}
        {deployment.problem && <EffectNotice problem={deployment.problem} />}
        {deployment.reason && <p>“{deployment.reason}”</p>}
        <p className={styles.small}>
          {deployment.automatic
            ? 'Started automatically '
            : `Requested by ${personName(deployment.requestedBy)} `}
          <TimeAgo at={deployment.requestedAt} />
          {deployment.gates.length > 0 &&
            `. ${met} of ${count(deployment.gates.length, 'gate')} passed`}
          {deployment.overridden && '; gates overridden'}
        </p>
        <NextInLine environment={environment} deployment={deployment} />
        {cancel.error && (
          <Notice tone="bad" shape="octagon">
            <b>The deployment was not cancelled.</b>{' '}
            {describeError(cancel.error).message}
          </Notice>
        )}
      </div>
      {continuing && rollout && (
        <Suspense fallback={null}>
          <ContinueRolloutDialog
            deployment={{ ...deployment, rollout }}
            onClose={() => setContinuing(false)}
          />
        </Suspense>
      )}
      {releasing && (
        <Suspense fallback={null}>
          <ForceReleaseDialog
            deployment={deployment}
            onClose={() => setReleasing(false)}
          />
        </Suspense>
      )}
    </Region>
  );
}
