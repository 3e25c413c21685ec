import type {
  DeliveryFigures,
  Figure,
} from '@slipway/plugin-model-delivery-common';
import { useModelQuery } from '../../api';
import { Answer, Region, Segments } from '../../components';
import { oneOf, useUrlState } from '../../url';
import { count, formatNumber, formatSpan, titleCase } from '../../words';
import styles from './Figures.module.css';

const RANGES = [
  { value: '90d', label: '90 d', days: 90 },
  { value: '30d', label: '30 d', days: 30 },
  { value: '365d', label: '1 y', days: 365 },
] as const;
const SHOWN = ['30d', '90d', '365d'] as const;

/** How often, how fast and how safely versions reach the last environment. */
export function Figures(props: { environments: string[] }) {
  const { params, set } = useUrlState();
  const environment = oneOf(params.get('figuresOf'), [
    ...props.environments.slice(-1),
    ...props.environments,
  ]);
  const range = oneOf(
    params.get('figures'),
    RANGES.map(r => r.value),
  );
  const { days } = RANGES.find(r => r.value === range) ?? RANGES[0];
  const query = useModelQuery('getModelFigures', {
    params: { environment },
    query: { days },
  });
  return (
    <Region
      label="Delivery figures"
      title="Delivery figures"
      actions={
        <>
          {props.environments.length > 1 && (
            <Segments
              label="Environment of the figures"
              value={environment}
              options={props.environments.map(value => ({
                value,
                label: titleCase(value),
              }))}
              onChange={figuresOf => set({ figuresOf })}
            />
          )}
          <Segments
            label="Range of the figures"
            value={range}
            options={SHOWN.map(
              value => RANGES.find(r => r.value === value) ?? RANGES[0],
            )}
            onChange={figures => set({ figures })}
          />
        </>
      }
    >
      <Answer query={query} what="figures">
        {figures => <Values figures={figures} />}
      </Answer>
    </Region>
  );
}

function Values({ figures }: { figures: DeliveryFigures }) {
  const span = (seconds: number) => formatSpan(1000 * seconds);
  return (
    <dl className={styles.figures}>
      <Value
        name="Deployment frequency"
        figure={figures.changesPerWeek}
        show={value => `${formatNumber(value, { max: 1 })} per week`}
        basis="change"
      />
      <Value
        name="Lead time from commit to live"
        figure={figures.leadTimeSeconds}
        show={span}
        basis="change"
        median
      />
      <Value
        name="Share of failed changes"
        figure={figures.failedShare}
        show={value => `${formatNumber(100 * value, { max: 0 })} %`}
        basis="change"
      />
      <Value
        name="Time to restore"
        figure={figures.restoreSeconds}
        show={span}
        basis="roll back"
        median
      />
    </dl>
  );
}

function Value(props: {
  name: string;
  figure: Figure;
  show: (value: number) => string;
  basis: string;
  median?: boolean;
}) {
  const { value, n, reason } = props.figure;
  return (
    <div>
      <dt>{props.name}</dt>
      {value === null ? (
        <dd className={styles.unknown}>{reason}</dd>
      ) : (
        <dd>
          <b>{props.show(value)}</b>
          <small>
            {props.median && 'median of '}
            {count(n, props.basis)}
          </small>
        </dd>
      )}
    </div>
  );
}
