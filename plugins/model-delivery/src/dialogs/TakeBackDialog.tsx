import { useApi } from '@backstage/frontend-plugin-api';
import type {
  RegisteredModel,
  TakenBackModel,
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
    'stays in the catalog, since something else declares it by now, such as a file in its repository. Only what was registered here goes.',
  'not-yet':
    'is not in the catalog, and will not enter it. Registering it again is how it would.',
};

/** Takes a model that was registered from the page out of the catalog again. */
export function TakeBackDialog(props: {
  model: RegisteredModel;
  onTaken: () => void;
  onClose: () => void;
}) {
  const { entityRef, namespace, name, inCatalog } = props.model;
  const api = useApi(modelDeliveryApiRef);
  const client = useQueryClient();
  const draft = useDraft(`${entityRef} Take back`);
  const takeBack = useMutation<TakenBackModel, Error>({
    mutationFn: () =>
      api.call('takeBackModel', {
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
      title={`Take back ${name}`}
      what={
        <>
          <b>{name}</b> {WHAT[inCatalog]}
        </>
      }
      reason={draft}
      reasonHint="It is kept with who took the model back and when."
      submit={{
        label: 'Take back',
        destructive: true,
        pending: takeBack.isPending,
      }}
      onSubmit={() => takeBack.mutate()}
      onClose={props.onClose}
      answer={
        takeBack.error && (
          <Notice tone="bad" shape="octagon">
            <b>It was not taken back.</b>{' '}
            {describeError(takeBack.error).message}
          </Notice>
        )
      }
    />
  );
}
