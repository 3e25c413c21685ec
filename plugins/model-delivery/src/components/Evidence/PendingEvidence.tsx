import type { EvidencePending } from '@slipway/plugin-model-delivery-common';
import { listOf } from '../../words';
import { Notice } from '../Notice';

/** Whether an answer will be another one as soon as a registry has told what was proved. */
export function isBeingRead(answer: {
  evidencePending: EvidencePending | null;
}): boolean {
  return answer.evidencePending?.problem === null;
}

/** Says that evidence is on its way, or why it is not known. */
export function PendingEvidence(props: { pending: EvidencePending | null }) {
  if (!props.pending) return null;
  const { versions, problem } = props.pending;
  return problem === null ? (
    <Notice tone="info" shape="half">
      The evidence of {listOf(versions)} is being read from the registry.
    </Notice>
  ) : (
    <Notice tone="warning" shape="question">
      The evidence of {listOf(versions)} is not available: {problem} Slipway
      retries automatically.
    </Notice>
  );
}
