import type { Finding } from '@slipway/plugin-model-delivery-common';
import { Status } from '../../components';
import type { StatusLook } from '../../words';
import styles from './add.module.css';

const LOOKS: Record<Finding['status'], StatusLook> = {
  found: { shape: 'check', tone: 'good', word: 'Found' },
  none: { shape: 'question', tone: 'warning', word: 'None' },
  failed: { shape: 'octagon', tone: 'bad', word: 'Failed' },
  'not-configured': { shape: 'dash', tone: 'muted', word: 'Not configured' },
};

const TITLES: Record<Finding['what'], string> = {
  pipelines: 'Runs',
  contract: 'Tests and comparisons',
  versions: 'Versions',
  deployments: 'Environments',
  monitors: 'Monitors',
  catalog: 'Catalog',
};

/** Findings, what is missing, and how to get it. */
export function Findings(props: { findings: Finding[] }) {
  return (
    <ul className={styles.findings} aria-label="Findings">
      {props.findings.map(({ what, status, summary, remedy }) => (
        <li key={what}>
          <Status look={LOOKS[status]}>{TITLES[what]}</Status>
          <div>
            {summary}
            {remedy && <p className={styles.remedy}>{remedy}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}
