import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { startTestBackend } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scorecard from '@red-hat-developer-hub/backstage-plugin-scorecard-backend';
import { scorecardMetricsExtensionPoint } from '@red-hat-developer-hub/backstage-plugin-scorecard-node';
import type { DeliveryFigures } from '@slipway/plugin-model-delivery-common';
import { Router } from 'express';
import request from 'supertest';
import scorecardModule from '.';
import { FIGURE_METRICS } from './figureMetrics';
import { FigureMetricProvider } from './FigureMetricProvider';

jest.setTimeout(60_000);

const model: Entity = {
  apiVersion: 'model-delivery/v1alpha1',
  kind: 'MLModel',
  metadata: { name: 'penguins', namespace: 'default' },
  spec: {
    type: 'classification',
    lifecycle: 'production',
    owner: 'group:default/ml-platform',
    environments: [
      { name: 'staging', target: { provider: 'local' } },
      { name: 'production', after: 'staging', target: { provider: 'local' } },
    ],
  },
};
const figures: DeliveryFigures = {
  environment: 'production',
  from: '2026-01-01T00:00:00Z',
  to: '2026-04-01T00:00:00Z',
  limited: false,
  changesPerWeek: { value: 2, n: 26, reason: null },
  leadTimeSeconds: { value: 7_200, n: 26, reason: null },
  failedShare: { value: 0.25, n: 26, reason: null },
  restoreSeconds: {
    value: null,
    n: 1,
    reason: 'Not enough data: 1 of 3 roll backs.',
  },
};

describe('delivery figures as metrics of the Scorecard plugin', () => {
  it('are accepted by the plugin, with thresholds that cover every number', async () => {
    const running = await startTestBackend({
      features: [
        scorecard,
        scorecardModule,
        catalogServiceMock.factory({ entities: [model] }),
      ],
    });
    const { body } = await request(running.server)
      .get('/api/scorecard/metrics?datasource=slipway')
      .expect(200);
    expect(body.metrics.map((metric: { id: string }) => metric.id)).toEqual([
      'slipway.changesPerWeek',
      'slipway.leadTimeHours',
      'slipway.failedPercent',
      'slipway.restoreHours',
    ]);
    await running.stop();
  });

  it('are those of the last environment, in the unit that the title names', async () => {
    const asked: unknown[] = [];
    const [frequency, leadTime, failed, restore] = FIGURE_METRICS.map(
      metric =>
        new FigureMetricProvider(metric, async (...params) => {
          asked.push(params);
          return figures;
        }),
    );
    expect(await frequency.calculateMetric(model)).toBe(2);
    expect(await leadTime.calculateMetric(model)).toBe(2);
    expect(await failed.calculateMetric(model)).toBe(25);
    await expect(restore.calculateMetric(model)).rejects.toThrow(
      'Not enough data: 1 of 3 roll backs.',
    );
    expect(asked[0]).toEqual([
      { namespace: 'default', name: 'penguins', environment: 'production' },
      'MLModel',
    ]);
  });

  it('are asked of model delivery by the service, for one model', async () => {
    const asked: string[] = [];
    const delivery = createBackendPlugin({
      pluginId: 'model-delivery',
      register(env) {
        env.registerInit({
          deps: {
            httpAuth: coreServices.httpAuth,
            router: coreServices.httpRouter,
          },
          async init({ httpAuth, router }) {
            router.use(
              Router().use(async (req, res) => {
                await httpAuth.credentials(req, { allow: ['service'] });
                asked.push(req.url);
                res.json(figures);
              }),
            );
          },
        });
      },
    });
    const providers: FigureMetricProvider[] = [];
    const collector = createBackendPlugin({
      pluginId: 'scorecard',
      register(env) {
        env.registerExtensionPoint(scorecardMetricsExtensionPoint, {
          addMetricProvider: (...added) =>
            providers.push(...(added as FigureMetricProvider[])),
        });
        env.registerInit({ deps: {}, init: async () => undefined });
      },
    });
    const running = await startTestBackend({
      features: [delivery, collector, scorecardModule],
    });
    expect(await providers[0].calculateMetric(model)).toBe(2);
    expect(asked).toEqual([
      '/v1/models/default/penguins/environments/production/figures?kind=MLModel',
    ]);
    await running.stop();
  });
});
