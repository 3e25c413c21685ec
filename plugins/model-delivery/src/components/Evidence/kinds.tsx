import type { EvidenceOf } from '@slipway/plugin-model-delivery-common';
import type { ReactNode } from 'react';
import { Status } from '../Status';
import {
  count,
  evidenceStatus,
  formatBytes,
  formatDelta,
  formatInterval,
  formatMetric,
  formatNumber,
  formatSpan,
  metricName,
} from '../../words';
import styles from './Evidence.module.css';

const Item = (props: { name: ReactNode; children: ReactNode }) => (
  <li className={styles.item}>
    <span>{props.name}</span>
    <span>{props.children}</span>
  </li>
);

export function TestsEvidence(props: { suites: EvidenceOf<'tests'>[] }) {
  const failures = props.suites.flatMap(suite => suite.failures);
  return (
    <div>
      <h4 className={styles.head}>Tests</h4>
      <ul>
        {props.suites.map(suite => (
          <Item
            key={suite.suite}
            name={
              <Status
                look={{ ...evidenceStatus(suite.status), word: suite.suite }}
              />
            }
          >
            {testCounts(suite)}
          </Item>
        ))}
      </ul>
      {failures.slice(0, 5).map((failure, index) => (
        <p key={index} className={styles.small}>
          <code>{failure.name}</code> {failure.message.slice(0, 300)}
        </p>
      ))}
    </div>
  );
}

function testCounts(suite: EvidenceOf<'tests'>): string {
  return [
    suite.failed > 0 && `${suite.failed} failed`,
    `${suite.passed} passed`,
    suite.skipped > 0 && `${suite.skipped} skipped`,
  ]
    .filter(Boolean)
    .join(', ');
}

export function DataEvidence(props: { data: EvidenceOf<'data-validation'> }) {
  const { checks } = props.data;
  const failed = checks.filter(check => !check.pass);
  return (
    <>
      <ul>
        <Item name="checks passed">
          {checks.length - failed.length} of {checks.length}
        </Item>
      </ul>
      {failed.slice(0, 5).map((check, index) => (
        <p key={index} className={styles.small}>
          <code>{check.column ?? check.id}</code> is{' '}
          {JSON.stringify(check.observed)}; expected{' '}
          {JSON.stringify(check.expected)}
        </p>
      ))}
    </>
  );
}

export function EvaluationEvidence(props: {
  evaluation: EvidenceOf<'evaluation'>;
}) {
  const { overall, slices } = props.evaluation;
  const worst = slices
    .filter(slice => slice.delta !== null)
    .sort((a, b) => (a.delta ?? 0) - (b.delta ?? 0))[0];
  return (
    <ul>
      {overall.map(row => (
        <Item key={row.metric} name={metricName(row.metric)}>
          {formatMetric(row.candidate)}
          {row.delta !== null && `, ${formatDelta(row.delta)}`}
          {row.pairedCi && ` ${formatInterval(row.pairedCi)}`}
        </Item>
      ))}
      {worst && (
        <Item name="worst slice">
          {worst.name} {formatDelta(worst.delta ?? 0)}, n{' '}
          {formatNumber(worst.n)}
        </Item>
      )}
    </ul>
  );
}

export function PerformanceEvidence(props: {
  performance: EvidenceOf<'performance'>;
}) {
  const { performance } = props;
  const { latencyMs } = performance;
  const ms = (value: number | null | undefined) =>
    value === null || value === undefined
      ? 'unknown'
      : `${formatNumber(value, { max: value < 1 ? 3 : 1 })} ms`;
  return (
    <ul>
      {latencyMs && (
        <Item name="p50, p95">
          {ms(latencyMs.p50)}, {ms(latencyMs.p95)}
        </Item>
      )}
      {performance.p50Ratio !== null && (
        <Item name={`p50 against ${performance.baselineVersion ?? 'baseline'}`}>
          {formatNumber(performance.p50Ratio, { max: 2 })}
          {!performance.valid && ', not valid'}
        </Item>
      )}
      {performance.aaP50Ratio !== null && (
        <Item name="control ratio">
          {formatNumber(performance.aaP50Ratio, { max: 2 })}
        </Item>
      )}
      {performance.throughputRps !== null && (
        <Item name="throughput">
          {count(Math.round(performance.throughputRps), 'request')}/s
        </Item>
      )}
      {performance.rssMb !== null && (
        <Item name="memory">{formatBytes(performance.rssMb * 1e6)}</Item>
      )}
      {performance.artifactMb !== null && (
        <Item name="artifact">{formatBytes(performance.artifactMb * 1e6)}</Item>
      )}
      {performance.coldStartMs !== null && (
        <Item name="cold start">{formatSpan(performance.coldStartMs)}</Item>
      )}
    </ul>
  );
}
