import type { EnvironmentDetail } from '@slipway/plugin-model-delivery-common';
import { useModelAction, useModelRef } from '../api';
import { useDraft } from './drafts';
import { ReasonedActionDialog } from './ReasonedActionDialog';

interface OutsideProps {
  environment: EnvironmentDetail;
  onClose: () => void;
}

/** Records what was deployed outside Slipway in the history. */
export function AdoptDialog({ environment, onClose }: OutsideProps) {
  const { entityRef } = useModelRef();
  const draft = useDraft(`${entityRef} Adopt ${environment.name}`);
  const adopt = useModelAction('adopt', {
    onDone: () => {
      draft.forget();
      onClose();
    },
  });
  return (
    <ReasonedActionDialog
      title={`Adopt in ${environment.name}`}
      what={
        <>
          The history shows {environment.changedOutside?.version} as live from
          now on. Nothing is deployed.
        </>
      }
      draft={draft}
      reasonHint="The history keeps it, with your name."
      submit={{ label: 'Adopt' }}
      action={adopt}
      failure="The version was not adopted."
      onSubmit={reason =>
        adopt.mutate({
          params: { environment: environment.name },
          body: { reason },
        })
      }
      onClose={onClose}
    />
  );
}

/** Deploys the version again that the history says is live. */
export function BringBackDialog({ environment, onClose }: OutsideProps) {
  const { entityRef } = useModelRef();
  const draft = useDraft(`${entityRef} Bring back ${environment.name}`);
  const bringBack = useModelAction('bringBack', {
    onDone: () => {
      draft.forget();
      onClose();
    },
  });
  return (
    <ReasonedActionDialog
      title={`Bring back in ${environment.name}`}
      what={
        <>
          {environment.live?.version} is deployed again and takes over all
          traffic at once.
        </>
      }
      draft={draft}
      reasonHint="The history keeps it, with your name."
      submit={{ label: 'Bring back', destructive: true }}
      action={bringBack}
      failure="The version was not brought back."
      onSubmit={reason =>
        bringBack.mutate({
          params: { environment: environment.name },
          body: { reason },
        })
      }
      onClose={onClose}
    />
  );
}
