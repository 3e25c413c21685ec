import type { JsonValue } from '@slipway/plugin-model-delivery-node';

type Params = Record<string, JsonValue>;

/**
 * Params one a line, as people compare them: what is nested gets its path as name. A part named
 * `params` adds nothing to it.
 */
export function flattenParams(params: Params, prefix = ''): Params {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => {
      const full = prefix ? `${prefix}.${name}` : name;
      return value !== null &&
        typeof value === 'object' &&
        !Array.isArray(value)
        ? Object.entries(
            flattenParams(value as Params, name === 'params' ? prefix : full),
          )
        : [[full, value]];
    }),
  );
}
