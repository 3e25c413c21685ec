import type { Approval } from '@slipway/plugin-model-delivery-common/schema';
import type { RunAnswer } from '@slipway/plugin-model-delivery-node';
import type { StoredDeployment } from '../database/deploymentRows';

/**
 * What a deployment means for the run that asked for it. A run is let go once the provider has
 * accepted the deployment, so that it is followed from its first second.
 */
export function decideAnswer(
  deployment: Pick<
    StoredDeployment,
    'id' | 'state' | 'message' | 'version' | 'environment' | 'gates'
  >,
  approvals: Pick<Approval, 'by' | 'decision' | 'lapsed'>[],
): RunAnswer {
  const { id, state, message, version, environment, gates } = deployment;
  const about = `Slipway: ${version} to ${environment} (deployment ${id}).`;
  switch (state) {
    case 'waiting':
      return { state: 'pending', comment: `${about} ${message}` };
    case 'requested':
      return { state: 'pending', comment: `${about} It starts now.` };
    case 'in-progress':
    case 'verifying':
    case 'rolling-out':
    case 'live':
    case 'superseded': {
      const passed = gates.filter(gate => gate.outcome === 'pass').length;
      const by = approvals
        .filter(one => one.decision === 'approve' && !one.lapsed)
        .map(one => one.by);
      return {
        state: 'approved',
        comment: [
          about,
          `${passed} of ${gates.length} gates passed.`,
          ...(by.length > 0 ? [`Approved by ${by.join(', ')}.`] : []),
        ].join(' '),
      };
    }
    default:
      return { state: 'rejected', comment: `${about} ${message}` };
  }
}
