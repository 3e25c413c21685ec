import { sentence } from '@slipway/plugin-model-delivery-node/reports';
import type { ModelVersion } from '../api/schemas';
import type { ServerConfig } from '../config';

const MAX_REASONS = 20;

/**
 * Whether a version may be delivered at all. One that MLflow has not finished registering may not,
 * until it has.
 */
export function verdictOf(
  version: ModelVersion,
  tags: ServerConfig['tags'],
): { status: 'registered' | 'rejected'; reasons: string[] } {
  if (version.status === 'PENDING_REGISTRATION') {
    return rejected('MLflow has not finished registering it.');
  }
  if (version.status === 'FAILED_REGISTRATION') {
    return rejected(
      `MLflow could not register it${
        version.status_message ? `: ${version.status_message}` : '.'
      }`,
    );
  }
  if (
    version.tags.get(tags.status)?.toLocaleLowerCase('en-US') !== 'rejected'
  ) {
    return { status: 'registered', reasons: [] };
  }
  const reasons = (version.tags.get(tags.reasons) ?? '')
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(0, MAX_REASONS);
  return rejected(
    ...(reasons.length > 0 ? reasons : ['Its pipeline rejected it.']),
  );
}

function rejected(...reasons: string[]) {
  return { status: 'rejected' as const, reasons: reasons.map(sentence) };
}
