import type {
  EnvironmentDetail,
  ModelDetail,
} from '@slipway/plugin-model-delivery-common';
import type { ReactNode } from 'react';
import { CopyField, Facts, Region } from '../../components';
import styles from './delivery.module.css';
import { TryIt } from './TryIt';

/** How to work on the model and how to ask it something. */
export function UseIt({ model }: { model: ModelDetail }) {
  const cloneUrl = model.repository?.cloneUrl;
  const live = model.environments.filter(environment => environment.live);
  const endpoints = model.environments.filter(e => e.endpoint);
  const served = live.filter(environment => !environment.batch);
  if (!cloneUrl && endpoints.length === 0 && live.length === 0) return null;
  return (
    <div className={styles.use}>
      <Region label="Get the code" title="Get the code">
        <div className={styles.stack}>
          {cloneUrl && (
            <CopyField label="clone command" value={`git clone ${cloneUrl}`} />
          )}
          <p className={styles.small}>
            A push to <code>main</code> is tested, trained, registered and, if
            its gates pass, deployed
            {live[0] ? ` to ${live[0].name}` : ''}.
          </p>
          <Facts
            facts={endpoints.map(environment => [
              environment.name,
              <CopyField
                key={environment.name}
                label={`address of ${environment.name}`}
                value={environment.endpoint ?? ''}
              />,
            ])}
          />
          <Facts facts={model.environments.flatMap(filesOf)} />
        </div>
      </Region>
      {served.length > 0 && <TryIt environments={served} />}
      {served.length === 0 && live.length > 0 && (
        <Region label="Try it" title="Try it">
          <p className={styles.small}>
            {live.map(({ name }) => name).join(', ')}: the live version runs as
            a batch job and answers no requests.
          </p>
        </Region>
      )}
    </div>
  );
}

/** Where a batch job reads and writes, in the place of an address. */
function filesOf({ name, batch }: EnvironmentDetail): [string, ReactNode][] {
  if (!batch) return [];
  const fact = (does: string, folder: string): [string, ReactNode] => [
    `${name} ${does}`,
    <CopyField
      key={does}
      label={`folder that ${name} ${does}`}
      value={folder}
    />,
  ];
  return [fact('reads', batch.input), fact('writes', batch.output)];
}
