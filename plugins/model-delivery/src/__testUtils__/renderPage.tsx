import type { Entity } from '@backstage/catalog-model';
import { fetchApiRef } from '@backstage/frontend-plugin-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  entityRouteRef,
  EntityProvider,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { ModelDeliveryClient } from '@slipway/plugin-model-delivery-common/client';
import { useLocation } from 'react-router-dom';
import { modelDeliveryApiRef, queryClient } from '../api';

export const penguinEntity = {
  apiVersion: 'model-delivery/v1alpha1',
  kind: 'MLModel',
  metadata: { name: 'penguin-species', namespace: 'default' },
  spec: { type: 'classification', owner: 'ml-platform' },
};

type Listener = (message: { changed: string }) => void;

export interface RenderedPage {
  /** What the portal's push tells everybody. */
  signal(changed: string): void;
  /** Path and query, as the address bar has them. */
  address(): string;
}

/** Renders a tab or page of ours as a host would, with the model's entity around it. */
export async function renderPage(
  element: JSX.Element,
  options: {
    path?: string;
    /** Permissions, for every resource or, after a space, for one. */
    denied?: string[];
    /** In place of the MLModel. */
    entity?: Entity;
  } = {},
): Promise<RenderedPage> {
  queryClient.clear();
  const listeners = new Set<Listener>();
  const client = new ModelDeliveryClient({
    discoveryApi: {
      getBaseUrl: async () => 'http://backend.test/api/model-delivery',
    },
    fetchApi: { fetch: (...args) => fetch(...args) },
  });
  const apis = [
    [modelDeliveryApiRef, client],
    [fetchApiRef, { fetch }],
    [catalogApiRef, catalogApiMock()],
    [
      permissionApiRef,
      {
        authorize: async ({
          permission,
          resourceRef,
        }: {
          permission: { name: string };
          resourceRef?: string;
        }) => ({
          result: [permission.name, `${permission.name} ${resourceRef}`].some(
            asked => options.denied?.includes(asked),
          )
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
        }),
      },
    ],
    [
      signalApiRef,
      {
        subscribe: (_channel: string, listener: Listener) => {
          listeners.add(listener);
          return { unsubscribe: () => listeners.delete(listener) };
        },
      },
    ],
  ] as const;
  const rendered = renderInTestApp(
    <EntityProvider entity={options.entity ?? penguinEntity}>
      {element}
      <Address />
    </EntityProvider>,
    {
      apis: apis as any,
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': entityRouteRef as any,
      },
      initialRouteEntries: [options.path ?? '/'],
    },
  );
  return {
    signal: (changed: string) => listeners.forEach(tell => tell({ changed })),
    address: () => rendered.getByTestId('address').textContent ?? '',
  };
}

function Address() {
  const { pathname, search } = useLocation();
  return <output data-testid="address">{`${pathname}${search}`}</output>;
}
