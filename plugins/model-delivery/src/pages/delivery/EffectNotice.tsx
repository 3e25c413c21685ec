import type { EffectProblem } from '@slipway/plugin-model-delivery-common';
import { Notice } from '../../components';
import { clockTime, count } from '../../words';

const FAILED: Record<EffectProblem['effect'], string> = {
  dispatch: 'Starting the deployment fails',
  shift: 'The traffic does not shift',
  stop: 'The outside system does not acknowledge the cancellation',
  mark: 'The alias in the registry is not updated',
  'bring-back': 'The live version is not brought back',
  reconsider: 'Automatic deliveries are not considered',
  notify: 'Nobody is notified',
};

/** An effect of a deployment that keeps failing, and when Slipway tries it again. */
export function EffectNotice({ problem }: { problem: EffectProblem }) {
  return (
    <Notice tone="warning" shape="triangle">
      <b>{FAILED[problem.effect]}.</b> {problem.message} Failed{' '}
      {count(problem.attempts, 'time')}; next try at{' '}
      {clockTime(problem.nextTryAt)} UTC.
    </Notice>
  );
}
