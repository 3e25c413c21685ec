import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

export type UrlChange = Record<string, string | string[] | null>;

/** What a page is set to, kept in its address, so that a link shows the same. */
export function useUrlState() {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (change: UrlChange, options: { push?: boolean } = {}) =>
      setParams(
        known => {
          const next = new URLSearchParams(known);
          for (const [name, value] of Object.entries(change)) {
            next.delete(name);
            for (const item of [value ?? []].flat()) next.append(name, item);
          }
          return next;
        },
        { replace: !options.push },
      ),
    [setParams],
  );
  return { params, set };
}

/** One of the allowed values of a parameter, else the first. */
export function oneOf<T extends string>(
  value: string | null,
  allowed: readonly T[],
): T {
  return allowed.find(item => item === value) ?? allowed[0];
}
