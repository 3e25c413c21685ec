import type { Signal } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderReading } from '@slipway/plugin-model-delivery-node';
import type { Targets } from './targets';
import type { Found, Values } from './values';

type Combined = Values & Pick<ProviderReading, 'unavailable'>;

/**
 * Puts what a query gave and whether its targets answer together. Only a target that answers makes
 * a value one of now; where it has been down for long, that of availability holds all the same,
 * since not answering is what it counts.
 */
export function combine(
  found: Found,
  targets: Targets,
  signal: Signal,
): Combined {
  if (targets.state === 'down') {
    const unavailable = targets.for === 'long';
    const isCounted = unavailable && signal === 'availability';
    return {
      value: isCounted && found.kind === 'values' ? found.values.value : null,
      parts: [],
      insufficient: false,
      reason: targets.reason,
      unavailable,
    };
  }
  if (found.kind === 'values') {
    const { values } = found;
    return { ...values, reason: joined(values.reason, targets.reason) };
  }
  return {
    value: null,
    parts: [],
    insufficient: false,
    reason: joined(
      targets.state === 'up'
        ? 'The query gives nothing, though its target answers: is a name or a label in it right?'
        : 'The query gives nothing.',
      targets.reason,
    ),
  };
}

function joined(...reasons: (string | null)[]): string | null {
  return reasons.filter(reason => reason !== null).join(' ') || null;
}
