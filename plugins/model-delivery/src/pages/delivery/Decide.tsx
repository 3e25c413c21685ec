import type { DeploymentDetail } from '@slipway/plugin-model-delivery-common';
import { lazy, Suspense, useState } from 'react';
import { GuardedButton } from '../../components';

const ApproveDialog = lazy(() =>
  import('../../dialogs').then(m => ({ default: m.ApproveDialog })),
);
const RejectDialog = lazy(() =>
  import('../../dialogs').then(m => ({ default: m.RejectDialog })),
);

/** Approve and Reject, with the reason where the visitor cannot. */
export function Decide({ deployment }: { deployment: DeploymentDetail }) {
  const [deciding, setDeciding] = useState<'approve' | 'reject' | null>(null);
  const { approval } = deployment;
  const asks = deployment.waits.some(wait => wait.kind === 'approvals');
  if (!approval || !asks) return null;
  const off = approval.callerProblem ?? undefined;
  const close = () => setDeciding(null);
  return (
    <>
      <GuardedButton
        verb="approve"
        environment={deployment.environment}
        variant="primary"
        off={off}
        silent
        onPress={() => setDeciding('approve')}
      >
        Approve…
      </GuardedButton>
      <GuardedButton
        verb="approve"
        environment={deployment.environment}
        variant="secondary"
        destructive
        off={off}
        onPress={() => setDeciding('reject')}
      >
        Reject…
      </GuardedButton>
      <Suspense fallback={null}>
        {deciding === 'approve' && (
          <ApproveDialog deployment={deployment} onClose={close} />
        )}
        {deciding === 'reject' && (
          <RejectDialog deployment={deployment} onClose={close} />
        )}
      </Suspense>
    </>
  );
}
