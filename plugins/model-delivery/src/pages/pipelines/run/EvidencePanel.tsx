import { Link } from '@backstage/ui';
import type { RunDetail } from '@slipway/plugin-model-delivery-common';
import { EvidenceGrid, Face, Region, Version } from '../../../components';
import { useModelLinks } from '../../../url';

/** What a run proved about the version that it made. */
export function EvidencePanel({ run }: { run: RunDetail }) {
  const links = useModelLinks();
  if (run.evidence.length === 0) {
    return run.finishedAt ? (
      <Region label="Evidence" title="Evidence">
        <Face title="No evidence">No job of this run wrote a report.</Face>
      </Region>
    ) : null;
  }
  return (
    <Region
      label="Evidence"
      title={
        <h2>
          Evidence
          {run.version && (
            <>
              {' '}
              about{' '}
              <Link href={links.version(run.version)} standalone>
                <Version name={run.version} />
              </Link>
            </>
          )}
        </h2>
      }
    >
      <EvidenceGrid evidence={run.evidence} />
    </Region>
  );
}
