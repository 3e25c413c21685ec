import { ButtonLink } from '@backstage/ui';
import type {
  Deployment,
  EnvironmentDetail,
} from '@slipway/plugin-model-delivery-common';
import { useModelAction, useModelQuery } from '../../api';
import {
  GateList,
  GuardedButton,
  Notice,
  Region,
  Status,
  TimeAgo,
  Version,
  Waits,
} from '../../components';
import { useModelLinks } from '../../url';
import { deploymentNow, describeError, personName } from '../../words';
import { ApprovalRequest } from './ApprovalRequest';
import { Decide } from './Decide';
import styles from './delivery.module.css';
import { EffectNotice } from './EffectNotice';
import { NextInLine } from './NextInLine';

/** A deployment that waits; it takes the place of the candidate. */
export function WaitingDeployment(props: {
  environment: EnvironmentDetail;
  deployment: Deployment;
}) {
  const { environment, deployment } = props;
  const links = useModelLinks();
  const withdraw = useModelAction('cancelDeployment');
  const { data: detail } = useModelQuery('getDeployment', {
    params: { deploymentId: deployment.id },
  });
  return (
    <Region
      className={styles.card}
      asks
      label={`Waiting for ${environment.name}`}
      title={
        <h2>
          <Version name={deployment.version} /> waits for {environment.name}
        </h2>
      }
      actions={<Status look={deploymentNow(deployment)} />}
      footer={
        <>
          {detail && <Decide deployment={detail} />}
          <GuardedButton
            verb="deploy"
            environment={environment.name}
            variant="secondary"
            isPending={withdraw.isPending}
            onPress={() =>
              withdraw.mutate({ params: { deploymentId: deployment.id } })
            }
          >
            Withdraw
          </GuardedButton>
          <ButtonLink variant="tertiary" href={links.deployment(deployment.id)}>
            All steps
          </ButtonLink>
        </>
      }
    >
      <div className={styles.stack}>
        {deployment.waits.length > 0 ? (
          <Waits waits={deployment.waits} />
        ) : (
          <p aria-live="polite">{deployment.message}</p>
        )}
        {deployment.reason && <p>“{deployment.reason}”</p>}
        <p className={styles.small}>
          {deployment.automatic
            ? 'Requested automatically '
            : `Requested by ${personName(deployment.requestedBy)} `}
          <TimeAgo at={deployment.requestedAt} />
        </p>
        <NextInLine environment={environment} deployment={deployment} />
        {deployment.problem && <EffectNotice problem={deployment.problem} />}
        {detail?.approval && <ApprovalRequest request={detail.approval} open />}
        {deployment.gates.length > 0 && (
          <GateList brief gates={deployment.gates} runHref={links.run} />
        )}
        {withdraw.error && (
          <Notice tone="bad" shape="octagon">
            <b>The request was not withdrawn.</b>{' '}
            {describeError(withdraw.error).message}
          </Notice>
        )}
      </div>
    </Region>
  );
}
