import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { Consumer } from '@slipway/plugin-model-delivery-common';
import { useModelQuery } from '../api';
import {
  Answer,
  isBeingRead,
  Notice,
  PendingEvidence,
  Region,
} from '../components';

/** Who uses the model, and whether a version would break them. */
export function Impact(props: { environment: string; version: string }) {
  const { environment, version } = props;
  const query = useModelQuery(
    'getImpact',
    { params: { environment }, query: { version } },
    { moves: isBeingRead },
  );
  return (
    <Region label="Impact" title={<h3>Impact</h3>}>
      <Answer query={query} what="impact">
        {({ signature, consumers, problem, evidencePending }) => (
          <>
            {signature.verdict === 'breaking' ? (
              <Notice tone="bad" shape="octagon">
                {signature.summary}
              </Notice>
            ) : (
              <p>{signature.summary}</p>
            )}
            <PendingEvidence pending={evidencePending} />
            {problem && (
              <Notice tone="warning" shape="question">
                {problem}
              </Notice>
            )}
            {consumers && <ConsumerList consumers={consumers} />}
          </>
        )}
      </Answer>
    </Region>
  );
}

function ConsumerList({ consumers }: { consumers: Consumer[] }) {
  if (consumers.length === 0) {
    return (
      <p>
        No entity that you can see in the catalog uses this model. An entity
        that does names it in <code>dependsOn</code> or{' '}
        <code>consumesApis</code>.
      </p>
    );
  }
  return (
    <ul aria-label="Used by">
      {consumers.map(({ entityRef, title, owner, through }) => (
        <li key={entityRef}>
          <EntityRefLink entityRef={entityRef}>{title}</EntityRefLink>
          {through && (
            <>
              , through <EntityRefLink entityRef={through} />
            </>
          )}
          {owner ? (
            <>
              , owned by <EntityRefLink entityRef={owner} />
            </>
          ) : (
            ', without an owner'
          )}
        </li>
      ))}
    </ul>
  );
}
