import { useApi } from '@backstage/frontend-plugin-api';
import type {
  RegisteredModel,
  UnregisteredModel,
} from '@slipway/plugin-model-delivery-common';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { modelDeliveryApiRef, registeredKey } from '../api';
import { Notice } from '../components';
import { describeError } from '../words';
import { ActionDialog } from './ActionDialog';
import { useDraft } from './drafts';

const WHAT: Record<RegisteredModel['inCatalog'], ReactNode> = {
  'as-registered':
    'leaves the catalog and the fleet within a minute. Nothing changes in the systems that it comes from: what is live stays live. Its history is kept, and registering it again brings it back.',
  'declared-elsewhere':
    'stays in the catalog, since something else declares it by now, such as a file in its repository. Only what was registered goes.',
  'not-yet':
    'is not in the catalog, and will not enter it. Registering it again is how it would.',
};

/** Takes a model that was registered from the page out of the catalog again. */
export function UnregisterDialog(props: {
  model: RegisteredModel;
  onTaken: () => void;
  onClose: () => void;
}) {
  const { entityRef, namespace, name, inCatalog } = props.model;
  const api = useApi(modelDeliveryApiRef);
  const client = useQueryClient();
  const draft = useDraft(`${entityRef} Unregister`);
  const unregister = useMutation<UnregisteredModel, Error>({
    mutationFn: () =>
      api.call('unregisterModel', {
        params: { namespace, name },
        body: { reason: draft.text },
      }),
    onSuccess: async () => {
      draft.forget();
      await client.invalidateQueries({ queryKey: registeredKey });
      props.onTaken();
    },
  });
  return (
    <ActionDialog
      title={`Unregister ${name}`}
      what={
        <>
          <b>{name}</b> {WHAT[inCatalog]}
        </>
      }
      reason={draft}
      reasonHint="It is kept with who unregistered the model and when."
      submit={{
        label: 'Unregister',
        destructive: true,
        pending: unregister.isPending,
      }}
      onSubmit={() => unregister.mutate()}
      onClose={props.onClose}
      answer={
        unregister.error && (
          <Notice tone="bad" shape="octagon">
            <b>The model was not unregistered.</b>{' '}
            {describeError(unregister.error).message}
          </Notice>
        )
      }
    />
  );
}
