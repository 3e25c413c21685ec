import type { EvidenceOf } from '@slipway/plugin-model-delivery-common';
import { PlainTable, Status } from '../../components';
import {
  formatDelta,
  formatMetric,
  formatNumber,
  metricName,
} from '../../words';

/** How it does on parts of the holdout; too few rows is said, not guessed. */
export function Slices(props: {
  version: string;
  evaluation: EvidenceOf<'evaluation'>;
}) {
  const { slices, baseline } = props.evaluation;
  if (slices.length === 0) return null;
  return (
    <div>
      <h3>Slices, {metricName(slices[0].metric)}</h3>
      <PlainTable
        label="Slices"
        columns={[
          'Where',
          { label: 'Rows', number: true },
          { label: baseline.version ?? 'Baseline', number: true },
          { label: props.version, number: true },
          { label: 'Difference', number: true },
          'Reads as',
        ]}
        rows={slices.map(slice => ({
          key: `${slice.name} ${slice.metric}`,
          cells: [
            <code key="where">{slice.where || slice.name}</code>,
            formatNumber(slice.n),
            slice.baseline === null ? '–' : formatMetric(slice.baseline),
            slice.candidate === null ? '–' : formatMetric(slice.candidate),
            slice.delta === null ? '–' : formatDelta(slice.delta),
            <SliceStatus key="status" slice={slice} />,
          ],
        }))}
      />
    </div>
  );
}

function SliceStatus(props: {
  slice: EvidenceOf<'evaluation'>['slices'][number];
}) {
  const { slice } = props;
  if (slice.insufficient) {
    return (
      <Status
        look={{ shape: 'question', tone: 'muted', word: 'Insufficient data' }}
      >
        Insufficient data: {slice.n}
      </Status>
    );
  }
  if (slice.pass === null) {
    return (
      <Status look={{ shape: 'question', tone: 'muted', word: 'Not judged' }} />
    );
  }
  return slice.pass ? (
    <Status look={{ shape: 'check', tone: 'good', word: 'Pass' }} />
  ) : (
    <Status look={{ shape: 'octagon', tone: 'bad', word: 'Fail' }} />
  );
}
