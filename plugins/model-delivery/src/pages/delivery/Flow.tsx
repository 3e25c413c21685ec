import type {
  EnvironmentDetail,
  ModelDetail,
} from '@slipway/plugin-model-delivery-common';
import { Fragment } from 'react';
import { Candidate } from './Candidate';
import styles from './delivery.module.css';
import { EnvironmentCard } from './EnvironmentCard';
import { OpenDeployment } from './OpenDeployment';
import type { OpenDialogFn } from './useDialogs';
import { WaitingDeployment } from './WaitingDeployment';

/** Promotion from left to right: what is there, what stands between, what comes of it. */
export function Flow(props: {
  model: ModelDetail;
  onOpenDialog: OpenDialogFn;
}) {
  const { model, onOpenDialog } = props;
  const { environments } = model;
  const alone = environments.length === 1;
  const middles = alone ? 1 : environments.length - 1;
  return (
    <div
      className={styles.flow}
      role="group"
      aria-label="Environments"
      style={{
        gridTemplateColumns: [
          ...(alone ? [] : ['minmax(280px, 5fr)']),
          ...Array(middles).fill('minmax(340px, 7fr) minmax(280px, 5fr)'),
        ].join(' '),
      }}
    >
      {environments.map((environment, index) => {
        const hasMiddle = index > 0 || alone;
        return (
          <Fragment key={environment.name}>
            {hasMiddle && (
              <Middle
                model={model}
                environment={environment}
                onOpenDialog={onOpenDialog}
              />
            )}
            <EnvironmentCard
              environment={environment}
              hasMiddle={hasMiddle}
              onOpenDialog={onOpenDialog}
            />
          </Fragment>
        );
      })}
    </div>
  );
}

/** What comes next: the deployment that is open, the one that waits, or else the candidate. */
function Middle(props: {
  model: ModelDetail;
  environment: EnvironmentDetail;
  onOpenDialog: OpenDialogFn;
}) {
  const { environment } = props;
  const { openDeployment, waitingDeployment } = environment;
  if (openDeployment) {
    return (
      <OpenDeployment environment={environment} deployment={openDeployment} />
    );
  }
  return waitingDeployment ? (
    <WaitingDeployment
      environment={environment}
      deployment={waitingDeployment}
    />
  ) : (
    <Candidate {...props} />
  );
}
