import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import { Link } from '@backstage/ui';
import type {
  EnvironmentDetail,
  ModelDetail,
} from '@slipway/plugin-model-delivery-common';
import {
  ModelPage,
  Notice,
  PlainTable,
  Status,
  TimeAgo,
  Version,
} from '../components';
import { useModelLinks } from '../url';
import {
  deploymentNow,
  health,
  notConfigured,
  personName,
  titleCase,
} from '../words';
import styles from './cards.module.css';

/** The model's overview: what is live where, and what waits. */
export function DeliveryCard() {
  return (
    <EntityInfoCard title="Delivery">
      <ModelPage>{model => <DeliverySummary model={model} />}</ModelPage>
    </EntityInfoCard>
  );
}

function DeliverySummary({ model }: { model: ModelDetail }) {
  const links = useModelLinks();
  return (
    <>
      <PlainTable
        quiet
        label="Environments"
        columns={['Environment', 'Live', { label: 'Health' }]}
        rows={model.environments.map(environment => ({
          key: environment.name,
          cells: [
            titleCase(environment.name),
            <Live key="live" environment={environment} />,
            <CardHealth key="health" environment={environment} />,
          ],
        }))}
      />
      {model.environments.map(environment => (
        <Next key={environment.name} environment={environment} />
      ))}
      <Link href={links.delivery()}>Open delivery</Link>
    </>
  );
}

function CardHealth({ environment }: { environment: EnvironmentDetail }) {
  if (!environment.live)
    return <Status look={notConfigured}>Nothing live</Status>;
  if (environment.monitors.length === 0) {
    return <Status look={notConfigured}>No monitor</Status>;
  }
  return <Status look={health(environment.health)} />;
}

function Live({ environment: { live } }: { environment: EnvironmentDetail }) {
  if (!live) return <>–</>;
  return (
    <span>
      <Version name={live.version} />
      <span className={`${styles.sub} ${styles.block}`}>
        <TimeAgo at={live.since} />
        {!live.automatic && `, ${personName(live.by)}`}
      </span>
    </span>
  );
}

function Next({ environment }: { environment: EnvironmentDetail }) {
  const { name, openDeployment, waitingDeployment, candidateGates } =
    environment;
  if (waitingDeployment && !openDeployment) {
    return (
      <Notice tone="info" shape={deploymentNow(waitingDeployment).shape}>
        <b>
          <Version name={waitingDeployment.version} /> waits for {name}:
        </b>{' '}
        {waitingDeployment.message}
      </Notice>
    );
  }
  if (openDeployment) {
    return (
      <Notice tone="info" shape={deploymentNow(openDeployment).shape}>
        <b>
          <Version name={openDeployment.version} />{' '}
          {openDeployment.waitsFor ? 'waits on' : 'is on'} its way to {name}:
        </b>{' '}
        {openDeployment.message}
      </Notice>
    );
  }
  if (!candidateGates) return null;
  const blocked = candidateGates.outcome === 'fail';
  return (
    <Notice
      tone={blocked ? 'warning' : 'info'}
      shape={blocked ? 'bar' : 'clock'}
    >
      <b>
        <Version name={candidateGates.version} />{' '}
        {blocked ? `is blocked for ${name}` : `may go to ${name}`}:
      </b>{' '}
      {candidateGates.summary}
    </Notice>
  );
}
