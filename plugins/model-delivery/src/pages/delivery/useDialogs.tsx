import type { EnvironmentDetail } from '@slipway/plugin-model-delivery-common';
import { lazy, Suspense, useState } from 'react';

const DeployDialog = lazy(() =>
  import('../../dialogs').then(m => ({ default: m.DeployDialog })),
);
const AdoptDialog = lazy(() =>
  import('../../dialogs').then(m => ({ default: m.AdoptDialog })),
);
const BringBackDialog = lazy(() =>
  import('../../dialogs').then(m => ({ default: m.BringBackDialog })),
);
const LiftHoldDialog = lazy(() =>
  import('../../dialogs').then(m => ({ default: m.LiftHoldDialog })),
);
const RollbackDialog = lazy(() =>
  import('../../dialogs').then(m => ({ default: m.RollbackDialog })),
);

type OpenDialog =
  | { kind: 'deploy'; environment: string }
  | { kind: 'promote'; environment: string; version: string }
  | { kind: 'rollback'; environment: string }
  | { kind: 'adopt'; environment: string }
  | { kind: 'bring-back'; environment: string }
  | { kind: 'lift-hold'; environment: string };

/** The dialog of this page, of which there is at most one. */
export function useDialogs(environments: EnvironmentDetail[]) {
  const [dialog, open] = useState<OpenDialog>();
  const environment = environments.find(e => e.name === dialog?.environment);
  const close = () => open(undefined);
  return {
    open,
    element: dialog && environment && (
      <Suspense fallback={null}>
        {dialog.kind === 'rollback' && (
          <RollbackDialog environment={environment} onClose={close} />
        )}
        {dialog.kind === 'adopt' && (
          <AdoptDialog environment={environment} onClose={close} />
        )}
        {dialog.kind === 'bring-back' && (
          <BringBackDialog environment={environment} onClose={close} />
        )}
        {dialog.kind === 'lift-hold' && (
          <LiftHoldDialog environment={environment} onClose={close} />
        )}
        {(dialog.kind === 'deploy' || dialog.kind === 'promote') && (
          <DeployDialog
            environment={environment}
            promote={dialog.kind === 'promote' ? dialog.version : undefined}
            onClose={close}
          />
        )}
      </Suspense>
    ),
  };
}

export type OpenDialogFn = ReturnType<typeof useDialogs>['open'];
