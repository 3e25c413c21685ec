import { Button, Link } from '@backstage/ui';
import type { ModelDetail } from '@slipway/plugin-model-delivery-common';
import { lazy, Suspense } from 'react';
import { useModelQuery } from '../../api';
import {
  Answer,
  CopyField,
  EvidenceGrid,
  Face,
  Facts,
  isBeingRead,
  notFoundIcon,
  PendingEvidence,
  Region,
  Sha,
  TimeAgo,
  Version,
} from '../../components';
import { useModelLinks, useUrlState } from '../../url';
import { formatBytes, formatNumber } from '../../words';
import { DossierButton } from './DossierButton';
import { LiveIn, VersionStatus } from './useVersionColumns';
import styles from './versions.module.css';

const ModelCard = lazy(() => import('./ModelCard'));

/** One version: where it comes from, what was proved about it, its card. */
export function VersionRegion(props: { model: ModelDetail; version: string }) {
  const { model } = props;
  const { set } = useUrlState();
  const links = useModelLinks();
  const query = useModelQuery(
    'getVersion',
    { params: { version: props.version } },
    { moves: isBeingRead },
  );
  const close = (
    <Button variant="secondary" onPress={() => set({ version: null })}>
      Close
    </Button>
  );
  return (
    <Answer
      query={query}
      what="version"
      notFound={
        <Region label="Version">
          <Face icon={notFoundIcon} title="Version not found" actions={close}>
            There is no version <code>{props.version}</code> of{' '}
            <code>{model.name}</code>, or you may not see it.
            {model.latestVersion && (
              <>
                {' '}
                The newest is{' '}
                <Link href={links.version(model.latestVersion.version)}>
                  <Version name={model.latestVersion.version} />
                </Link>
                .
              </>
            )}
          </Face>
        </Region>
      }
    >
      {version => (
        <>
          <Region
            label={`Version ${version.version}`}
            title={
              <h2>
                <Version name={version.version} />
              </h2>
            }
            actions={
              <>
                <VersionStatus version={version} />
                <DossierButton version={version.version} />
                {close}
              </>
            }
          >
            <div className={styles.stack}>
              {version.reasons.length > 0 && (
                <p>{version.reasons.join('; ')}</p>
              )}
              <Facts
                facts={[
                  ['Made', <TimeAgo key="made" at={version.createdAt} />],
                  [
                    'Commit',
                    version.commit && (
                      <>
                        <Sha value={version.commit} /> {version.commitMessage}
                      </>
                    ),
                  ],
                  [
                    'Run',
                    version.runId && (
                      <Link href={links.run(version.runId)}>build run</Link>
                    ),
                  ],
                  [
                    'Live in',
                    <LiveIn key="live" environments={version.liveIn} />,
                  ],
                  [
                    'Dataset',
                    version.datasetName && (
                      <>
                        {version.datasetName}
                        {version.datasetRows !== null &&
                          `, ${formatNumber(version.datasetRows)} rows`}
                      </>
                    ),
                  ],
                  [
                    'Size',
                    version.sizeBytes !== null &&
                      formatBytes(version.sizeBytes),
                  ],
                  [
                    'Digest',
                    version.digest && (
                      <CopyField label="digest" value={version.digest} />
                    ),
                  ],
                ]}
              />
              <PendingEvidence pending={version.evidencePending} />
              {version.evidence.length > 0 && (
                <EvidenceGrid evidence={version.evidence} />
              )}
            </div>
          </Region>
          {version.hasCard && (
            <Suspense fallback={null}>
              <ModelCard version={version.version} />
            </Suspense>
          )}
        </>
      )}
    </Answer>
  );
}
