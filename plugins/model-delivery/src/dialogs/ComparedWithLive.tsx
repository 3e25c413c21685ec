import { useModelQuery } from '../api';
import { Answer, isBeingRead, MetricTable, Region } from '../components';

/** The candidate held against what is live. */
export function ComparedWithLive(props: { live: string; version: string }) {
  const { live, version } = props;
  const query = useModelQuery(
    'compareVersions',
    { query: { version: [live, version] } },
    { moves: isBeingRead },
  );
  return (
    <Region
      label="Comparison with the live version"
      title={<h3>Comparison with the live version</h3>}
    >
      <Answer query={query} what="comparison">
        {comparison => (
          <>
            <p>{comparison.summary}</p>
            <MetricTable comparison={comparison} firstWord="Live" />
          </>
        )}
      </Answer>
    </Region>
  );
}
