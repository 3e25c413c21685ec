import type {
  EvidenceOf,
  VersionComparison,
} from '@slipway/plugin-model-delivery-common';
import { PlainTable, Status, Version } from '../../components';
import { formatBytes, formatNumber } from '../../words';

type Performance = EvidenceOf<'performance'>;

const ROWS: [string, (p: Performance) => number | null | undefined, string][] =
  [
    ['p50 latency', p => p.latencyMs?.p50, 'ms'],
    ['p95 latency', p => p.latencyMs?.p95, 'ms'],
    ['Requests per second', p => p.throughputRps, ''],
    ['Memory', p => p.rssMb, 'MB'],
    ['Artifact', p => p.artifactMb, 'MB'],
  ];

/** How the versions serve, as their own pipelines measured it. */
export function Served(props: { versions: VersionComparison['versions'] }) {
  const measured = props.versions.map(version => ({
    name: version.version,
    performance: version.evidence.find(
      (evidence): evidence is Performance => evidence.kind === 'performance',
    ),
  }));
  if (!measured.some(version => version.performance)) return null;
  const invalid = measured.filter(v => v.performance && !v.performance.valid);
  return (
    <div>
      <h3>Served</h3>
      <PlainTable
        label="Served"
        columns={[
          'Measure',
          ...measured.map(({ name }) => ({
            number: true,
            label: <Version name={name} cut />,
          })),
        ]}
        rows={ROWS.map(([label, read, unit]) => ({
          key: label,
          cells: [
            label,
            ...measured.map(({ performance }) =>
              performance ? print(read(performance), unit) : 'unknown',
            ),
          ],
        }))}
      />
      {invalid.length > 0 && (
        <Status look={{ shape: 'question', tone: 'muted', word: 'Not valid' }}>
          {invalid.map(v => v.performance?.summary).join(' ')}
        </Status>
      )}
    </div>
  );
}

function print(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return 'unknown';
  if (unit === 'MB') return formatBytes(value * 1e6);
  return `${formatNumber(value, { max: value < 1 ? 3 : 1 })}${unit && `\u2009${unit}`}`;
}
