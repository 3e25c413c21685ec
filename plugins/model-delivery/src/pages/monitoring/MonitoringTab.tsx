import type { ModelDetail } from '@slipway/plugin-model-delivery-common';
import { useState } from 'react';
import {
  ModelPage,
  NotConfigured,
  Segments,
  SourceLine,
} from '../../components';
import { oneOf, useUrlState } from '../../url';
import { titleCase } from '../../words';
import { DeploymentRegion } from '../delivery/DeploymentRegion';
import { AlertsUnknown } from './AlertsUnknown';
import { IncidentRegion, Incidents } from './incidents';
import { MonitorChart } from './MonitorChart';
import styles from './monitoring.module.css';
import { RANGES, usualRange } from './ranges';

/** Whether the live versions do well, signal by signal, on one stretch of time. */
export function MonitoringTab() {
  return <ModelPage>{model => <Monitoring model={model} />}</ModelPage>;
}

function Monitoring({ model }: { model: ModelDetail }) {
  const { params, set } = useUrlState();
  const [hovered, setHovered] = useState(false);
  // The last environment matters most, so it is the first to be shown.
  const environments = model.environments
    .filter(e => e.monitors.length > 0)
    .reverse();
  if (environments.length === 0) return <NotConfigured part="monitors" />;
  const names = environments.map(e => e.name);
  const environment = oneOf(params.get('environment'), names);
  const shown = environments[names.indexOf(environment)];
  const range = oneOf(
    params.get('range') ?? usualRange(shown, Date.now()),
    RANGES.map(known => known.value),
  );
  const monitors = model.monitors.filter(m => m.environment === environment);
  const deployment = params.get('deployment');
  const incident = params.get('incident');
  return (
    <>
      <SourceLine sources={model.sources} capabilities={['monitors']}>
        <div className={styles.bar}>
          {environments.length > 1 && (
            <Segments
              label="Environment"
              value={environment}
              options={names.map(value => ({
                value,
                label: titleCase(value),
              }))}
              onChange={value => set({ environment: value })}
            />
          )}
          <Segments
            label="Range"
            value={range}
            options={[...RANGES]}
            onChange={value => set({ range: value })}
          />
        </div>
      </SourceLine>
      {deployment && <DeploymentRegion id={deployment} />}
      {incident && <IncidentRegion id={incident} />}
      <AlertsUnknown monitors={monitors} />
      <div
        className={styles.charts}
        onPointerEnter={() => setHovered(true)}
        onPointerLeave={() => setHovered(false)}
      >
        {monitors.map(monitor => (
          <MonitorChart
            key={monitor.name}
            monitor={monitor}
            range={range}
            still={hovered}
          />
        ))}
      </div>
      <Incidents environment={environment} />
    </>
  );
}
