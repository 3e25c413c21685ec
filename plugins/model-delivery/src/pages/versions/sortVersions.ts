import type { SortDescriptor } from '@backstage/ui';
import type { Version } from '@slipway/plugin-model-delivery-common';
import { metricOf } from './metrics';

/** Sorts what is loaded; an unknown metric comes last, whichever way. */
export function sortVersions<T extends Version>(
  versions: T[],
  sort: SortDescriptor,
): T[] {
  const down = sort.direction === 'descending' ? -1 : 1;
  const column = String(sort.column);
  if (column.startsWith('metric:')) {
    const name = column.slice('metric:'.length);
    return [...versions].sort((a, b) => {
      const x = metricOf(a, name)?.value ?? null;
      const y = metricOf(b, name)?.value ?? null;
      if (x === null || y === null)
        return Number(x === null) - Number(y === null);
      return (x - y) * down;
    });
  }
  return [...versions].sort(
    (a, b) =>
      down *
      (column === 'version'
        ? a.version.localeCompare(b.version, 'en-US', { numeric: true })
        : Date.parse(a.createdAt) - Date.parse(b.createdAt)),
  );
}
