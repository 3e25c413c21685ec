import { Button, ButtonLink } from '@backstage/ui';
import type {
  EnvironmentDetail,
  GateReport,
  ModelDetail,
} from '@slipway/plugin-model-delivery-common';
import { useRef } from 'react';
import { newIdempotencyKey, useModelAction } from '../../api';
import {
  Face,
  GateList,
  GuardedButton,
  Notice,
  Region,
  Status,
  Version,
  Waits,
} from '../../components';
import { useMayDo } from '../../permissions';
import { useModelLinks } from '../../url';
import { describeError, gateOutcome, type StatusLook } from '../../words';
import styles from './delivery.module.css';
import { LastAttempt } from './LastAttempt';
import { RejectedVersion } from './RejectedVersion';
import type { OpenDialogFn } from './useDialogs';

/** What could come next to an environment, and why it may not. */
export function Candidate(props: {
  model: ModelDetail;
  environment: EnvironmentDetail;
  onOpenDialog: OpenDialogFn;
}) {
  const { model, environment, onOpenDialog } = props;
  const { name, candidate, candidateGates: report } = environment;
  const links = useModelLinks();
  const override = useMayDo({ verb: 'override', environment: name });
  if (!candidate) {
    return (
      <Region
        className={styles.card}
        label={`Next for ${name}`}
        title={`Next for ${name}`}
      >
        <Face title="No candidate">{whyNone(model, environment)}</Face>
        <RejectedVersion model={model} environment={environment} />
        <LastAttempt model={model} environment={environment} />
      </Region>
    );
  }
  const live = environment.live?.version;
  return (
    <Region
      className={styles.card}
      asks
      label={`Next for ${name}`}
      title={
        <h2>
          Next for {name}: <Version name={candidate} />
        </h2>
      }
      actions={report && <Status look={candidateLook(report)} />}
      footer={
        <>
          <GuardedButton
            verb="deploy"
            environment={name}
            variant="primary"
            off={
              report?.outcome === 'fail'
                ? 'Disabled while a gate fails.'
                : undefined
            }
            onPress={() =>
              onOpenDialog({
                kind: 'promote',
                environment: name,
                version: candidate,
              })
            }
          >
            {`Promote to ${name}…`}
          </GuardedButton>
          {report?.outcome === 'fail' && override.allowed && (
            <Button
              variant="tertiary"
              onPress={() =>
                onOpenDialog({
                  kind: 'promote',
                  environment: name,
                  version: candidate,
                })
              }
            >
              Override gates…
            </Button>
          )}
          {live && (
            <ButtonLink
              variant="tertiary"
              href={links.compare([live, candidate])}
            >
              {`Compare with live ${live}`}
            </ButtonLink>
          )}
        </>
      }
    >
      <RejectedVersion model={model} environment={environment} />
      <LastAttempt model={model} environment={environment} />
      {report && <CandidateGates report={report} />}
    </Region>
  );
}

function whyNone(model: ModelDetail, environment: EnvironmentDetail): string {
  const { after } = environment.spec;
  if (!after) return 'A version appears here when a pipeline passes.';
  const before = model.environments.find(e => e.name === after)?.live?.version;
  const first = `A new version goes to ${after} first.`;
  if (!before) return `Nothing is live in ${after}. ${first}`;
  return before === environment.live?.version
    ? `${before} is live in ${after} too. ${first}`
    : `${before}, which is live in ${after}, is older. ${first}`;
}

function candidateLook(report: GateReport): StatusLook {
  switch (report.outcome) {
    case 'pass':
      if (report.waits.length > 0) {
        return { shape: 'clock', tone: 'muted', word: 'Waits' };
      }
      return { ...gateOutcome('pass'), word: 'May ship' };
    case 'fail':
      return { shape: 'bar', tone: 'warning', word: 'Blocked' };
    default:
      return gateOutcome(report.outcome);
  }
}

function CandidateGates({ report }: { report: GateReport }) {
  const links = useModelLinks();
  const key = useRef(newIdempotencyKey());
  const compare = useModelAction('triggerRun', {
    onDone: () => {
      key.current = newIdempotencyKey();
    },
  });
  return (
    <>
      <p aria-live="polite">{report.summary}</p>
      <Waits waits={report.waits} />
      <GateList
        gates={report.gates}
        runHref={links.run}
        reevaluating={compare.isPending}
        onReevaluate={() =>
          compare.mutate({
            body: {
              kind: 'evaluation',
              version: report.version,
              reason: `Compare ${report.version} with what is live in ${report.environment} now`,
            },
            idempotencyKey: key.current,
          })
        }
      />
      {compare.isSuccess && (
        <Notice tone="info" shape="half">
          {report.version} is being compared again; the answer appears here by
          itself.
        </Notice>
      )}
      {compare.error && (
        <Notice tone="bad" shape="octagon">
          It could not be compared again: {describeError(compare.error).message}
        </Notice>
      )}
    </>
  );
}
