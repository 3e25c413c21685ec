import { Button, Link } from '@backstage/ui';
import type {
  IncidentDetail,
  IncidentEvent,
} from '@slipway/plugin-model-delivery-common';
import { lazy, Suspense, useState } from 'react';
import { useModelQuery } from '../../../api';
import {
  Answer,
  Face,
  GuardedButton,
  notFoundIcon,
  PlainTable,
  Region,
  Status,
} from '../../../components';
import { useModelLinks, useUrlState } from '../../../url';
import {
  exactTime,
  incidentEntry,
  incidentPhase,
  monitorState,
  personName,
} from '../../../words';

const DismissIncidentDialog = lazy(() =>
  import('../../../dialogs').then(m => ({ default: m.DismissIncidentDialog })),
);

/** One incident as a thread, from its samples to its cause; which one is in the address. */
export function IncidentRegion(props: { id: string }) {
  const { set } = useUrlState();
  const [isDismissing, setDismissing] = useState(false);
  const query = useModelQuery(
    'getIncident',
    { params: { incidentId: props.id } },
    { moves: incident => incident.closedAt === null },
  );
  const close = (
    <Button variant="secondary" onPress={() => set({ incident: null })}>
      Close
    </Button>
  );
  return (
    <Answer
      query={query}
      what="incident"
      notFound={
        <Region label="Incident" actions={close} title="Incident">
          <Face icon={notFoundIcon} title="Incident not found">
            No incident has this ID, or you do not have permission to see it.
          </Face>
        </Region>
      }
    >
      {incident => (
        <Region
          label="Incident"
          title={`Incident: ${incident.monitor} in ${incident.environment}`}
          actions={
            <>
              <Status look={incidentPhase(incident)} />
              {incident.closedAt === null && (
                <GuardedButton
                  verb="feedback"
                  variant="secondary"
                  silent
                  onPress={() => setDismissing(true)}
                >
                  Dismiss…
                </GuardedButton>
              )}
              {close}
            </>
          }
        >
          <p aria-live="polite">{incident.message}</p>
          <Thread incident={incident} />
          {isDismissing && (
            <Suspense fallback={null}>
              <DismissIncidentDialog
                incident={incident}
                onClose={() => setDismissing(false)}
              />
            </Suspense>
          )}
        </Region>
      )}
    </Answer>
  );
}

function Thread({ incident }: { incident: IncidentDetail }) {
  const samples = incident.thread.flatMap(entry => entry.samples ?? []);
  return (
    <>
      <PlainTable
        quiet
        label="Thread of the incident"
        columns={['When', 'Step', 'Who', 'What']}
        rows={incident.thread.map((entry, index) => ({
          key: String(index),
          cells: [
            exactTime(entry.at),
            <Status key="step" look={incidentEntry(entry)} />,
            personName(entry.by),
            <What key="what" entry={entry} />,
          ],
        }))}
      />
      {samples.length > 0 && (
        <PlainTable
          quiet
          label="Samples that opened it"
          columns={['Sample', 'State', 'Value']}
          rows={samples.map(({ at, state, value }) => ({
            key: at,
            cells: [
              exactTime(at),
              <Status key="state" look={monitorState(state)} />,
              value === null ? 'unknown' : String(Number(value.toPrecision(4))),
            ],
          }))}
        />
      )}
    </>
  );
}

/** What happened, and where to look at it. */
function What({ entry }: { entry: IncidentEvent }) {
  const links = useModelLinks();
  const { message, runId, version, deploymentId } = entry;
  return (
    <span>
      {message} {runId && <Link href={links.run(runId)}>Run</Link>}{' '}
      {version && <Link href={links.version(version)}>{version}</Link>}{' '}
      {deploymentId && (
        <Link href={links.deployment(deploymentId)}>Deployment</Link>
      )}
    </span>
  );
}
