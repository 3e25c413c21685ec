import type { ModelDeliveryApi } from '../../api/modelDeliveryApi';
import type { Checked } from '../checkedText';

/** Asks whether the portal may read data from an address; without one, from which hosts it may. */
export async function checkAddress(
  api: ModelDeliveryApi,
  url: string,
  signal?: AbortSignal,
): Promise<Checked> {
  try {
    const { readable, reason, hosts } = await api.call('checkDataAddress', {
      query: url ? { url } : {},
      signal,
    });
    const allowed = hosts.length > 0 ? hosts.join(', ') : 'none';
    if (readable === null) {
      return {
        state: 'none',
        sentence: `Allowed hosts: ${allowed}. They are configured by backend.reading.allow and integrations in app-config.`,
      };
    }
    return readable
      ? { state: 'good', sentence: 'The portal may read this address.' }
      : {
          state: 'refused',
          sentence: `${reason ?? 'The portal may not read this address.'} Allowed hosts: ${allowed}.`,
        };
  } catch (error) {
    return {
      state: 'unknown',
      sentence: `Could not check the address: ${
        error instanceof Error ? error.message : error
      }`,
    };
  }
}
