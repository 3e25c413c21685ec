import { useApiHolder } from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { CHANGE_CHANNEL } from '@slipway/plugin-model-delivery-common';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { modelKey } from './keys';

/**
 * Asks again for everything about a model as soon as the portal says that it changed. A portal
 * without signals is a portal that polls.
 */
export function useChangeSignal(
  entityRef: string,
  changeKey: string | undefined,
) {
  const signals = useApiHolder().get(signalApiRef);
  const client = useQueryClient();
  useEffect(() => {
    if (!signals || !changeKey) return undefined;
    const subscription = signals.subscribe<{ changed?: string }>(
      CHANGE_CHANNEL,
      message => {
        if (message.changed === changeKey) {
          client.invalidateQueries({ queryKey: modelKey(entityRef) });
        }
      },
    );
    return () => subscription.unsubscribe();
  }, [signals, client, entityRef, changeKey]);
}
