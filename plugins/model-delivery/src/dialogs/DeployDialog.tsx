import {
  type EnvironmentDetail,
  MIN_OVERRIDE_REASON,
} from '@slipway/plugin-model-delivery-common';
import type { CallAnswer } from '@slipway/plugin-model-delivery-common/client';
import { useState } from 'react';
import { useModelQuery, useModelRef } from '../api';
import { isBeingRead, Version } from '../components';
import { useMayDo } from '../permissions';
import { ActionDialog } from './ActionDialog';
import { ComparedWithLive } from './ComparedWithLive';
import { Gates } from './Gates';
import { Impact } from './Impact';
import { DeliveryAnswer } from './DeliveryAnswer';
import { useDraft } from './drafts';
import { OverrideGates } from './OverrideGates';
import { useDelivery } from './useDelivery';
import { VersionChoice } from './VersionChoice';

/** Brings a version to an environment: one that is chosen here, or the one that comes next. */
export function DeployDialog(props: {
  environment: EnvironmentDetail;
  /** The version that is promoted; without it one is chosen. */
  promote?: string;
  onClose: () => void;
}) {
  const { environment, promote, onClose } = props;
  const model = useModelRef();
  const live = environment.live?.version ?? null;
  const [chosen, setChosen] = useState(promote ?? null);
  const verb = promote ? 'Promote' : 'Deploy';
  const draft = useDraft(
    `${model.entityRef} ${verb} ${environment.name} ${chosen}`,
  );
  const gates = useModelQuery(
    'getGates',
    {
      params: { environment: environment.name },
      query: { version: chosen ?? '' },
    },
    { enabled: chosen !== null, moves: isBeingRead },
  );
  const onAccepted = () => {
    draft.forget();
    onClose();
  };
  const byGates = useDelivery('createDeployment', onAccepted);
  const byOverride = useDelivery('overrideGates', onAccepted);
  const report = gates.data?.version === chosen ? gates.data : undefined;
  const mayOverride = useMayDo({
    verb: 'override',
    environment: environment.name,
  }).allowed;
  // The version for which the override was chosen: another version is asked about again.
  const [overridden, setOverridden] = useState<string | null>(null);
  const offersOverride =
    mayOverride &&
    chosen !== live &&
    report !== undefined &&
    !isBeingRead(report) &&
    (report.outcome === 'fail' ||
      report.outcome === 'unknown' ||
      report.waits.length > 0);
  const overrides = offersOverride && overridden === chosen;
  const delivery = overrides ? byOverride : byGates;
  const off = disabledReason({
    chosen,
    live,
    gates: report,
    overrides,
    reason: draft.text,
  });
  return (
    <ActionDialog
      title={
        promote
          ? `Promote ${promote} to ${environment.name}`
          : `Deploy to ${environment.name}`
      }
      what={
        <What
          model={model.name}
          environment={environment.name}
          from={live}
          to={chosen}
        />
      }
      reason={draft}
      submit={{
        label: labelOf({ verb, chosen, overrides }),
        destructive: overrides,
        pending: delivery.pending,
        off,
      }}
      onSubmit={() =>
        chosen &&
        delivery.ask({
          body: {
            environment: environment.name,
            version: chosen,
            reason: draft.text,
          },
        })
      }
      onClose={onClose}
      answer={
        <DeliveryAnswer
          environment={environment.name}
          error={delivery.error}
          blocked={delivery.blocked}
          onFollow={onClose}
        />
      }
    >
      {!promote && (
        <VersionChoice live={live} value={chosen} onChange={setChosen} />
      )}
      {chosen && live && chosen !== live && (
        <ComparedWithLive live={live} version={chosen} />
      )}
      {chosen && <Gates query={gates} />}
      {chosen && <Impact environment={environment.name} version={chosen} />}
      {offersOverride && (
        <OverrideGates
          environment={environment.name}
          value={overrides}
          onChange={wants => setOverridden(wants ? chosen : null)}
        />
      )}
    </ActionDialog>
  );
}

function disabledReason(state: {
  chosen: string | null;
  live: string | null;
  gates: CallAnswer<'getGates'> | undefined;
  overrides: boolean;
  reason: string;
}): string | undefined {
  if (!state.chosen) return 'Select a version.';
  if (state.chosen === state.live) return `${state.chosen} is live.`;
  if (state.gates && isBeingRead(state.gates)) {
    return 'The evidence is still loading.';
  }
  if (state.overrides) {
    return state.reason.trim().length < MIN_OVERRIDE_REASON
      ? `Explain the emergency in at least ${MIN_OVERRIDE_REASON} characters.`
      : undefined;
  }
  if (state.gates?.outcome === 'fail') {
    return 'A gate failed; see its reason above.';
  }
  return undefined;
}

function labelOf(state: {
  verb: string;
  chosen: string | null;
  overrides: boolean;
}): string {
  const verb = state.overrides
    ? `Override and ${state.verb.toLowerCase()}`
    : state.verb;
  return state.chosen ? `${verb} ${state.chosen}` : verb;
}

function What(props: {
  model: string;
  environment: string;
  from: string | null;
  to: string | null;
}) {
  const { model, environment, from, to } = props;
  if (!to) {
    return (
      <>
        <b>{model}</b> in {environment} will run the version that you select.
      </>
    );
  }
  if (to === from) {
    return (
      <>
        <b>{model}</b> in {environment} has <Version name={to} /> already.
      </>
    );
  }
  return (
    <>
      <b>{model}</b> in {environment} goes{' '}
      {from && (
        <>
          from <Version name={from} />{' '}
        </>
      )}
      to <Version name={to} />, for all traffic
      {from
        ? ', once its server is healthy. No requests are lost.'
        : ', as the first version there.'}
    </>
  );
}
