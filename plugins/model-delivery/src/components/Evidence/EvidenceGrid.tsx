import type {
  Evidence,
  EvidenceOf,
} from '@slipway/plugin-model-delivery-common';
import { evidenceStatus } from '../../words';
import { Status } from '../Status';
import styles from './Evidence.module.css';
import {
  DataEvidence,
  EvaluationEvidence,
  PerformanceEvidence,
  TestsEvidence,
} from './kinds';

/** What was proved about a version, report by report. */
export function EvidenceGrid(props: { evidence: Evidence[] }) {
  const tests = props.evidence.filter(
    (item): item is EvidenceOf<'tests'> => item.kind === 'tests',
  );
  const rest = props.evidence.filter(item => item.kind !== 'tests');
  return (
    <div className={styles.grid}>
      {tests.length > 0 && <TestsEvidence suites={tests} />}
      {rest.map((item, index) => (
        <EvidenceBlock key={index} evidence={item} />
      ))}
    </div>
  );
}

const TITLES: Record<Evidence['kind'], string> = {
  tests: 'Tests',
  'data-validation': 'Data',
  evaluation: 'Against the baseline',
  performance: 'Performance',
  metrics: 'Metrics',
  'model-card': 'Model card',
  signature: 'Signature',
  report: 'Report',
};

function EvidenceBlock({ evidence }: { evidence: Evidence }) {
  return (
    <div>
      <h4 className={styles.head}>
        {titleOf(evidence)}
        <Status look={evidenceStatus(evidence.status)} />
      </h4>
      {evidence.kind === 'data-validation' && <DataEvidence data={evidence} />}
      {evidence.kind === 'evaluation' && (
        <EvaluationEvidence evaluation={evidence} />
      )}
      {evidence.kind === 'performance' && (
        <PerformanceEvidence performance={evidence} />
      )}
      <p className={styles.small}>{evidence.summary}</p>
    </div>
  );
}

function titleOf(evidence: Evidence): string {
  if (evidence.kind === 'report') return evidence.name;
  if (evidence.kind === 'evaluation' && evidence.baseline.version) {
    return `Against ${evidence.baseline.version}`;
  }
  return TITLES[evidence.kind];
}
