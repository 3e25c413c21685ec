import type { UseQueryResult } from '@tanstack/react-query';
import type { GateReport } from '@slipway/plugin-model-delivery-common';
import type { CallAnswer } from '@slipway/plugin-model-delivery-common/client';
import {
  Answer,
  GateList,
  Notice,
  PendingEvidence,
  Region,
  Waits,
} from '../components';
import { useModelLinks } from '../url';
import { listOf } from '../words';

/** The gates that this version meets there, each with its reason. */
export function Gates(props: {
  query: UseQueryResult<CallAnswer<'getGates'>>;
}) {
  const links = useModelLinks();
  return (
    <Region label="Gates" title={<h3>Gates</h3>}>
      <Answer query={props.query} what="gates">
        {report =>
          report.gates.length === 0 && report.waits.length === 0 ? (
            <p>This environment declares no gates.</p>
          ) : (
            <>
              <p>{report.summary}</p>
              <PendingEvidence pending={report.evidencePending} />
              <Waits waits={report.waits} />
              <GateList brief gates={report.gates} runHref={links.run} />
              <NeedsApproval report={report} />
            </>
          )
        }
      </Answer>
    </Region>
  );
}

function NeedsApproval({ report }: { report: GateReport }) {
  const open = report.gates.filter(gate => gate.outcome === 'needs-approval');
  if (open.length === 0) return null;
  return (
    <Notice tone="info" shape="person">
      The evidence cannot tell on {listOf(open.map(gate => gate.title))}: its
      interval straddles the limit. <b>You decide</b>, by going on.
    </Notice>
  );
}
