import { Link } from '@backstage/ui';
import type {
  EnvironmentDetail,
  EnvironmentHold,
} from '@slipway/plugin-model-delivery-common';
import {
  Facts,
  GuardedButton,
  Icon,
  Notice,
  Region,
  Sha,
  Status,
  TimeAgo,
  Version,
} from '../../components';
import { useModelLinks } from '../../url';
import {
  deploymentNow,
  deploymentState,
  formatSpan,
  notConfigured,
  personName,
  type StatusLook,
  titleCase,
} from '../../words';
import { BatchJob } from './BatchJob';
import { ChangedOutside } from './ChangedOutside';
import styles from './delivery.module.css';
import { EnvironmentHealth } from './EnvironmentHealth';
import { MonitorTable } from './MonitorTable';
import { NextInLine } from './NextInLine';
import type { OpenDialogFn } from './useDialogs';

/** One environment: what is live there, since when, by whom, and how it does. */
export function EnvironmentCard(props: {
  environment: EnvironmentDetail;
  /** The middle beside it tells of what comes next; else the card does. */
  hasMiddle: boolean;
  onOpenDialog: OpenDialogFn;
}) {
  const { environment, hasMiddle, onOpenDialog } = props;
  const { name, live, previous, openDeployment } = environment;
  const busy = openDeployment
    ? `Busy with ${openDeployment.version}`
    : undefined;
  return (
    <Region
      className={styles.card}
      label={titleCase(name)}
      title={titleCase(name)}
      actions={<Status look={environmentLook(environment)} />}
      footer={
        <>
          {previous && (
            <GuardedButton
              verb="rollback"
              environment={name}
              variant="secondary"
              destructive
              iconStart={<Icon name="back" />}
              off={busy}
              silent
              onPress={() =>
                onOpenDialog({ kind: 'rollback', environment: name })
              }
            >
              Roll back…
            </GuardedButton>
          )}
          {environment.hold && (
            <GuardedButton
              verb="deploy"
              environment={name}
              variant="secondary"
              silent
              onPress={() =>
                onOpenDialog({ kind: 'lift-hold', environment: name })
              }
            >
              Lift hold…
            </GuardedButton>
          )}
          <GuardedButton
            verb="deploy"
            environment={name}
            variant="secondary"
            off={busy}
            onPress={() => onOpenDialog({ kind: 'deploy', environment: name })}
          >
            Deploy version…
          </GuardedButton>
        </>
      }
    >
      <LiveNow environment={environment} />
      <Facts
        facts={[
          ['Since', live && <TimeAgo at={live.since} />],
          ['By', live && (live.automatic ? 'automatic' : personName(live.by))],
          ['Health', live && <EnvironmentHealth environment={environment} />],
          [
            'Serving',
            !environment.batch &&
              environment.serving &&
              serving(environment.serving),
          ],
          [
            'Before',
            previous && (
              <>
                <Version name={previous.version} /> for{' '}
                {formatSpan(
                  Date.parse(previous.to) - Date.parse(previous.from),
                )}
              </>
            ),
          ],
        ]}
      />
      <BatchJob environment={environment} />
      {environment.monitors.length > 0 && (
        <MonitorTable environment={name} monitors={environment.monitors} />
      )}
      <ChangedOutside environment={environment} onOpenDialog={onOpenDialog} />
      {environment.hold && <Hold hold={environment.hold} />}
      {!hasMiddle && <NextHere environment={environment} />}
    </Region>
  );
}

function environmentLook(environment: EnvironmentDetail): StatusLook {
  const { openDeployment } = environment;
  if (openDeployment) {
    return openDeployment.waitsFor
      ? deploymentNow(openDeployment)
      : { ...deploymentState('in-progress'), word: 'Changing' };
  }
  return environment.live
    ? deploymentState('live')
    : { ...notConfigured, word: 'Nothing live' };
}

function serving({
  status,
  message,
}: NonNullable<EnvironmentDetail['serving']>): string {
  return message ? `${status}: ${message}` : status;
}

function LiveNow({ environment }: { environment: EnvironmentDetail }) {
  const links = useModelLinks();
  const { live } = environment;
  if (!live) {
    return (
      <div className={styles.live}>
        <span className={styles.none}>Never deployed</span>
      </div>
    );
  }
  return (
    <div className={styles.live}>
      <Link href={links.version(live.version)} standalone>
        <Version name={live.version} large />
      </Link>
      {live.commit && <Sha value={live.commit} />}
    </div>
  );
}

/** Automatic delivery waits, and who caused it. */
function Hold({ hold }: { hold: EnvironmentHold }) {
  return (
    <Notice tone="warning" shape="bar">
      <b>Automatic delivery is on hold.</b> {personName(hold.by)} rolled back{' '}
      {hold.version && <Version name={hold.version} />}{' '}
      <TimeAgo at={hold.since} />: “{hold.reason}”
    </Notice>
  );
}

/** What comes to the first environment, which has no middle before it. */
function NextHere({ environment }: { environment: EnvironmentDetail }) {
  const links = useModelLinks();
  const { openDeployment, waitingDeployment, candidateGates } = environment;
  if (waitingDeployment && !openDeployment) {
    return (
      <Notice tone="info" shape={deploymentNow(waitingDeployment).shape}>
        <b>
          <Version name={waitingDeployment.version} /> waits.
        </b>{' '}
        {waitingDeployment.message}{' '}
        <Link href={links.deployment(waitingDeployment.id)}>Open it</Link>
        <NextInLine environment={environment} deployment={waitingDeployment} />
      </Notice>
    );
  }
  if (openDeployment) {
    return (
      <Notice tone="info" shape={deploymentNow(openDeployment).shape}>
        <b>
          <Version name={openDeployment.version} />{' '}
          {openDeployment.waitsFor ? 'waits' : 'is on its way'}.
        </b>{' '}
        {openDeployment.message}{' '}
        <Link href={links.deployment(openDeployment.id)}>Follow</Link>
        <NextInLine environment={environment} deployment={openDeployment} />
      </Notice>
    );
  }
  if (candidateGates && candidateGates.outcome !== 'pass') {
    return (
      <Notice tone="warning" shape="bar">
        <b>
          <Version name={candidateGates.version} /> is not here.
        </b>{' '}
        {candidateGates.summary}
      </Notice>
    );
  }
  return null;
}
