import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import { Route, Routes } from 'react-router-dom';
import { modelDeliveryApiRef, queryClient } from '../api';
import { fleet, history, penguins, sources } from '../__testUtils__/fixtures';
import { penguinEntity } from '../__testUtils__/renderPage';
import {
  EntityDeliveryContent,
  EntityDeliveryCard,
  modelDeliveryPlugin,
  ModelsPage,
} from '.';
import { deliveryRouteRef, rootRouteRef } from './routes';

const ANSWERS: Record<string, unknown> = {
  getModel: penguins,
  getHistory: { items: history.production, sources },
  listEvents: { items: [], sources },
  getVersionSignature: { inputs: [], outputs: [] },
  listModels: {
    items: fleet,
    sources,
    totalItems: fleet.length,
    counts: {
      all: fleet.length,
      unhealthy: 1,
      blocked: 1,
      drifting: 1,
      stale: 1,
      unowned: 1,
    },
    atLeast: { totalItems: false, counts: false },
    facets: { owner: [], type: [], lifecycle: [], environment: [] },
  },
};

/** An app on the old system with our plugin in it. */
function bootOldApp(element: JSX.Element) {
  queryClient.clear();
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [
          modelDeliveryApiRef,
          { call: async (name: string) => ANSWERS[name] as any },
        ],
        [
          permissionApiRef,
          { authorize: async () => ({ result: AuthorizeResult.ALLOW }) },
        ],
      ]}
    >
      <EntityProvider entity={penguinEntity}>
        <Routes>
          <Route path="/" element={element} />
        </Routes>
      </EntityProvider>
    </TestApiProvider>,
    {
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': entityRouteRef,
        '/models': rootRouteRef,
        '/delivery': deliveryRouteRef,
      },
    },
  );
}

describe('the legacy entry', () => {
  afterAll(() => queryClient.clear());

  it('registers the client for old apps', () => {
    expect([...modelDeliveryPlugin.getApis()].map(f => f.api.id)).toEqual([
      'plugin.model-delivery.client',
    ]);
  });

  it('shows the fleet in an old app, with a header of its own', async () => {
    await bootOldApp(<ModelsPage />);
    expect(
      await screen.findByRole('row', { name: /churn-risk/ }),
    ).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Models' })).toBeInTheDocument();
  });

  it('shows a tab in an old app', async () => {
    await bootOldApp(<EntityDeliveryContent />);
    expect(
      await screen.findByRole('region', { name: 'Next for production' }),
    ).toBeInTheDocument();
  });

  it('shows a card in an old app', async () => {
    await bootOldApp(<EntityDeliveryCard />);
    expect(await screen.findByText('Open delivery')).toBeInTheDocument();
  });
});
