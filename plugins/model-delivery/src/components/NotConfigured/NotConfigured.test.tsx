import { screen } from '@testing-library/react';
import { http } from 'msw';
import { renderPage } from '../../__testUtils__/renderPage';
import { penguins } from '../../__testUtils__/fixtures';
import {
  answer,
  failure,
  MODEL,
  server,
  useBackend,
} from '../../__testUtils__/server';
import { DeliveryTab } from '../../pages/delivery';
import { MonitoringTab } from '../../pages/monitoring';
import { PipelinesTab } from '../../pages/pipelines';
import { VersionsTab } from '../../pages/versions';

const annotated = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'penguin-species',
    namespace: 'default',
    annotations: { 'model-delivery/versions': 'mlflow:penguins' },
  },
  spec: { type: 'ml-model', owner: 'ml-platform' },
};

describe('a part of a model that nobody named', () => {
  useBackend();
  beforeEach(() =>
    server.use(
      answer('', {
        ...penguins,
        environments: [],
        monitors: [],
        sources: [],
        latestRun: null,
        latestVersion: null,
      }),
    ),
  );

  it.each([
    [<DeliveryTab />, 'No environments', 'spec.environments'],
    [<MonitoringTab />, 'No monitors', 'spec.monitors'],
    [<PipelinesTab />, 'No pipelines', 'spec.pipelines'],
    [<VersionsTab />, 'No registry', 'spec.versions'],
  ])('of an MLModel goes into its spec: %#', async (tab, title, where) => {
    await renderPage(tab);
    expect(await screen.findByText(title)).toBeVisible();
    expect(screen.getByText(where)).toBeVisible();
  });

  it.each([
    [<PipelinesTab />, 'model-delivery/pipelines: local:my-model'],
    [<VersionsTab />, 'model-delivery/versions: local:my-model'],
    [<DeliveryTab />, 'modelDelivery:'],
    [<MonitoringTab />, 'modelDelivery:'],
  ])(
    'of a Component is an annotation, or a default of app-config: %#',
    async (tab, line) => {
      await renderPage(tab, { entity: annotated });
      expect(
        await screen.findByText(text => text.includes(line), {
          selector: 'pre',
        }),
      ).toBeVisible();
    },
  );

  it('does not appear for a malformed annotation, which shows its error', async () => {
    const problem =
      'metadata.annotations["model-delivery/versions"] is "churn"; write <provider>:<name>';
    server.use(http.get(MODEL, () => failure(400, 'InputError', problem)));
    await renderPage(<DeliveryTab />, { entity: annotated });
    expect(await screen.findByText(problem)).toBeVisible();
  });
});
