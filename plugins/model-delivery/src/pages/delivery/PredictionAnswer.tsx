import type { CallAnswer } from '@slipway/plugin-model-delivery-common/client';
import { Facts, Notice, Version } from '../../components';
import { formatNumber } from '../../words';
import styles from './TryIt.module.css';

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

const plain = (value: string | number | boolean): string =>
  typeof value === 'number' ? formatNumber(value) : String(value);

/** What the server answered, by which version, and how long it took. */
export function PredictionAnswer(props: { prediction: CallAnswer<'predict'> }) {
  const { version, outputs, latencyMs, warnings } = props.prediction;
  return (
    <div className={styles.answer}>
      <Facts
        facts={Object.entries(outputs).map(([name, value]) => [
          name,
          <OutputValue key={name} value={value} />,
        ])}
      />
      {warnings.length > 0 && (
        <Notice tone="warning" shape="triangle">
          {warnings.join(' ')}
        </Notice>
      )}
      <p className={styles.small}>
        <Version name={version} /> answered in{' '}
        {formatNumber(latencyMs, { max: 1 })} ms
      </p>
    </div>
  );
}

/** Scores as a list, the highest first; what has no such form as it came. */
function OutputValue({ value }: { value: unknown }) {
  if (isPlain(value)) return <b>{plain(value)}</b>;
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value)
      : [];
  const scores = entries.filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  if (scores.length === 0 || scores.length < entries.length) {
    return <pre>{JSON.stringify(value, null, 1)}</pre>;
  }
  return (
    <>
      {scores
        .sort(([, a], [, b]) => b - a)
        .map(([name, score]) => `${name} ${formatNumber(score)}`)
        .join(', ')}
    </>
  );
}
