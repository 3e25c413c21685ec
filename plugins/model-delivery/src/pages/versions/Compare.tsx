import { Button, Link } from '@backstage/ui';
import type {
  EvidenceOf,
  ModelDetail,
  VersionComparison,
} from '@slipway/plugin-model-delivery-common';
import clsx from 'clsx';
import type { ReactNode } from 'react';
import { useModelQuery } from '../../api';
import {
  Answer,
  Face,
  Facts,
  isBeingRead,
  MetricTable,
  notFoundIcon,
  PendingEvidence,
  Region,
  Sha,
  Version,
} from '../../components';
import { useModelLinks, useUrlState } from '../../url';
import { formatDelta, formatNumber } from '../../words';
import { CommitRange } from './CommitRange';
import { ParamsDiff } from './ParamsDiff';
import { Served } from './Served';
import { Slices } from './Slices';
import styles from './versions.module.css';

/** Two to four versions side by side; which ones is in the address. */
export function Compare(props: { model: ModelDetail; versions: string[] }) {
  const { set } = useUrlState();
  const query = useModelQuery(
    'compareVersions',
    { query: { version: props.versions } },
    { moves: isBeingRead },
  );
  return (
    <Region
      label="Compare"
      title={
        <h2>
          Compare{' '}
          {props.versions.map((name, index) => (
            <span key={name}>
              {index > 0 && ' → '}
              <Version name={name} />
            </span>
          ))}
        </h2>
      }
      actions={
        <>
          <Button
            variant="secondary"
            onPress={() => set({ compare: [...props.versions].reverse() })}
          >
            Turn round
          </Button>
          <Button variant="tertiary" onPress={() => set({ compare: null })}>
            Close
          </Button>
        </>
      }
    >
      <Answer
        query={query}
        what="comparison"
        notFound={
          <Face icon={notFoundIcon} title="Version not found">
            One of the versions does not exist, or you do not have permission to
            see it.
          </Face>
        }
      >
        {comparison => (
          <>
            <PendingEvidence pending={comparison.evidencePending} />
            <Compared comparison={comparison} />
          </>
        )}
      </Answer>
    </Region>
  );
}

function Compared({ comparison }: { comparison: VersionComparison }) {
  const links = useModelLinks();
  const { versions } = comparison;
  const last = versions[versions.length - 1];
  const evaluation = last.evidence.find(
    (evidence): evidence is EvidenceOf<'evaluation'> =>
      evidence.kind === 'evaluation',
  );
  return (
    <>
      <p className={styles.summary}>{comparison.summary}</p>
      <div className={clsx(styles.split, versions.length > 2 && styles.wide)}>
        <div className={styles.stack}>
          <MetricTable comparison={comparison} forest />
          <p className={styles.small}>
            A hollow dot means that the interval includes 0. Better values are
            to the right for every metric.
          </p>
          {evaluation && (
            <Slices version={last.version} evaluation={evaluation} />
          )}
          <div>
            <h3>Model cards</h3>
            <ul className={styles.cards}>
              {versions
                .filter(version => version.hasCard)
                .map(version => (
                  <li key={version.version}>
                    <Link href={links.version(version.version)}>
                      <Version name={version.version} />
                    </Link>
                  </li>
                ))}
            </ul>
          </div>
        </div>
        <div className={styles.stack}>
          <Served versions={versions} />
          <ParamsDiff params={comparison.params} />
          <DataAndCode first={versions[0]} last={last} />
        </div>
      </div>
    </>
  );
}

type ComparedVersion = VersionComparison['versions'][number];

function DataAndCode(props: { first: ComparedVersion; last: ComparedVersion }) {
  const { first, last } = props;
  const links = useModelLinks();
  const sameData = first.datasetDigest === last.datasetDigest;
  return (
    <>
      <div>
        <h3>Data</h3>
        <Facts
          facts={[
            ['Name', last.datasetName],
            [
              'Rows',
              last.datasetRows !== null &&
                rowsChange(first.datasetRows, last.datasetRows),
            ],
            [
              'Digest',
              last.datasetDigest && (
                <>
                  {first.datasetDigest && !sameData && (
                    <>
                      <Sha value={first.datasetDigest} /> →{' '}
                    </>
                  )}
                  <Sha value={last.datasetDigest} />
                  {sameData && ', the same'}
                </>
              ),
            ],
          ]}
        />
      </div>
      <div>
        <h3>Code</h3>
        <Facts
          facts={[
            [
              'Range',
              first.commit && last.commit && (
                <CommitRange from={first.commit} to={last.commit} />
              ),
            ],
            ...[first, last].map<[string, ReactNode]>(version => [
              version.version,
              <span key={version.version}>
                {version.commit && <Sha value={version.commit} />}{' '}
                {version.commitMessage}{' '}
                {version.runId && (
                  <Link href={links.run(version.runId)}>run</Link>
                )}
              </span>,
            ]),
          ]}
        />
      </div>
    </>
  );
}

function rowsChange(before: number | null, now: number): string {
  const delta = before === null ? 0 : now - before;
  return `${formatNumber(now)}${delta === 0 ? '' : `, ${formatDelta(delta, 0)}`}`;
}
