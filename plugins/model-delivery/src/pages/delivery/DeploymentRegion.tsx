import { Button, Link } from '@backstage/ui';
import { useModelQuery, isDeploymentOpen } from '../../api';
import {
  Answer,
  Face,
  GateList,
  notFoundIcon,
  PlainTable,
  Region,
  Status,
  VersionMove,
  Waits,
} from '../../components';
import { useModelLinks, useUrlState } from '../../url';
import {
  deploymentNow,
  deploymentState,
  exactTime,
  personName,
  titleCase,
} from '../../words';
import { ApprovalRequest } from './ApprovalRequest';
import styles from './delivery.module.css';
import { EffectNotice } from './EffectNotice';
import { RolloutTrack } from './RolloutTrack';
import { Transfer } from './Transfer';

const TITLES = {
  deploy: 'Deploy',
  promote: 'Promotion',
  rollback: 'Roll back',
};

/** One deployment, step by step; which one is in the address. */
export function DeploymentRegion(props: { id: string }) {
  const { set } = useUrlState();
  const links = useModelLinks();
  const query = useModelQuery(
    'getDeployment',
    { params: { deploymentId: props.id } },
    { moves: isDeploymentOpen },
  );
  const close = (
    <Button variant="secondary" onPress={() => set({ deployment: null })}>
      Close
    </Button>
  );
  return (
    <Answer
      query={query}
      what="deployment"
      notFound={
        <Region label="Deployment" actions={close} title="Deployment">
          <Face icon={notFoundIcon} title="Deployment not found">
            No deployment has this ID, or you do not have permission to see it.
          </Face>
        </Region>
      }
    >
      {deployment => (
        <Region
          label="Deployment"
          title={
            <h2>
              {TITLES[deployment.action]} in {titleCase(deployment.environment)}
              :{' '}
              <VersionMove
                from={deployment.fromVersion}
                to={deployment.version}
              />
            </h2>
          }
          actions={
            <>
              <Status look={deploymentNow(deployment)} />
              {close}
            </>
          }
        >
          <div className={styles.stack}>
            <p aria-live="polite">
              {deployment.message}{' '}
              {deployment.waitsFor?.url && (
                <Link
                  href={deployment.waitsFor.url}
                  target="_blank"
                  rel="noopener noreferrer"
                >
                  Open in the outside system
                </Link>
              )}{' '}
              {deployment.deployRunId && (
                <Link href={links.run(deployment.deployRunId)}>
                  Deployment run
                </Link>
              )}{' '}
              {deployment.buildRunId && (
                <Link href={links.run(deployment.buildRunId)}>Build run</Link>
              )}
            </p>
            {deployment.transfer && <Transfer transfer={deployment.transfer} />}
            {deployment.rollout && (
              <RolloutTrack
                rollout={deployment.rollout}
                version={deployment.version}
                fromVersion={deployment.fromVersion}
                moving={deployment.state === 'rolling-out'}
              />
            )}
            {deployment.problem && (
              <EffectNotice problem={deployment.problem} />
            )}
            <Waits waits={deployment.waits} />
            {deployment.approval && (
              <ApprovalRequest
                request={deployment.approval}
                open={deployment.state === 'waiting'}
              />
            )}
            <PlainTable
              quiet
              label="Steps of the deployment"
              columns={['When', 'State', 'Who', 'What']}
              rows={deployment.events.map((event, index) => ({
                key: String(index),
                cells: [
                  exactTime(event.at),
                  <Status key="state" look={deploymentState(event.state)} />,
                  personName(event.by),
                  event.message,
                ],
              }))}
            />
            {deployment.gates.length > 0 && (
              <GateList gates={deployment.gates} runHref={links.run} />
            )}
          </div>
        </Region>
      )}
    </Answer>
  );
}
