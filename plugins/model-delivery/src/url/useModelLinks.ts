import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { useMemo } from 'react';
import { type ModelRef, useModelRef } from '../api';
import { type ModelTab, TAB_PATHS } from '../routes';

type Params = Record<string, string | string[]>;

/** Addresses of the tabs of any model. */
export function useTabHref() {
  const entityLink = useEntityRefLink();
  return useMemo(
    () =>
      (
        model: Pick<ModelRef, 'kind' | 'namespace' | 'name'>,
        tab: ModelTab,
        params: Params = {},
      ): string => {
        const search = new URLSearchParams(
          Object.entries(params).flatMap(([name, value]) =>
            [value].flat().map(item => [name, item]),
          ),
        ).toString();
        return `${entityLink(model)}${TAB_PATHS[tab]}${search && `?${search}`}`;
      },
    [entityLink],
  );
}

/** Addresses of what belongs to the model of this page. */
export function useModelLinks() {
  const href = useTabHref();
  const model = useModelRef();
  return useMemo(
    () => ({
      delivery: () => href(model, 'delivery'),
      deployment: (id: string) => href(model, 'delivery', { deployment: id }),
      run: (id: string) => href(model, 'pipelines', { run: id }),
      version: (version: string) => href(model, 'versions', { version }),
      compare: (versions: string[]) =>
        href(model, 'versions', { compare: versions }),
      incident: (id: string, environment: string) =>
        href(model, 'monitoring', { environment, incident: id }),
      monitoring: (environment: string, monitor?: string) =>
        href(model, 'monitoring', {
          environment,
          ...(monitor ? { monitor } : {}),
        }),
    }),
    [href, model],
  );
}
