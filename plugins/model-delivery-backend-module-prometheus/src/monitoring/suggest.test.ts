import { monitorSpec } from '@slipway/plugin-model-delivery-common/schema';
import { StandIn, vector } from '../__testUtils__/StandIn';
import { context, serverConfig } from '../__testUtils__/monitors';
import { recorded } from '../__testUtils__/recorded';
import { PrometheusMonitorProvider } from './PrometheusMonitorProvider';

let standIn: StandIn;
const providers: PrometheusMonitorProvider[] = [];
const make = (settings: object = {}) => {
  const provider = new PrometheusMonitorProvider(
    serverConfig({ url: standIn.url, ...settings }),
  );
  providers.push(provider);
  return provider;
};
beforeAll(async () => {
  standIn = await StandIn.start();
});
afterAll(async () => {
  await Promise.all(providers.map(provider => provider.close()));
  await standIn.stop();
});
const model = {
  namespace: 'default',
  name: 'churn',
  environment: 'production',
};

describe('suggestions', () => {
  it('are the templates that say what they measure, each with whether it has data', async () => {
    standIn.answers(({ params: { query = '' } }) => {
      if (query.includes('sum by (class)')) {
        return vector({ metric: { class: 'yes' }, value: '1' });
      }
      if (query.includes('histogram_quantile')) return vector({ value: 'NaN' });
      return query === 'bad{}' ? recorded('prometheus/query-bad') : undefined;
    });
    const found = await make({
      templates: {
        mine: { query: 'mine{}', signal: 'quality', warning: { below: 0.9 } },
        bad: { query: 'bad{}', signal: 'quality' },
        quiet: { query: 'quiet{}' },
      },
    }).suggest(model, context);
    expect(
      Object.fromEntries(
        found.map(({ monitor, hasData }) => [monitor.name, hasData]),
      ),
    ).toEqual({
      availability: false,
      'latency-p95': true,
      'error-rate': false,
      'prediction-mix': true,
      'prediction-mean': false,
      mine: false,
      bad: false,
    });
    for (const { monitor } of found) monitorSpec.parse(monitor);
    expect(found.at(-2)?.monitor).toEqual({
      name: 'mine',
      signal: 'quality',
      environment: 'production',
      source: { provider: 'prometheus', template: 'mine' },
      warning: { below: 0.9 },
    });
  });

  it('fail where the server does', async () => {
    standIn.answers(() => recorded('prometheus/404'));
    await expect(make().suggest(model, context)).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});

describe('a test of the connection', () => {
  it('says which versions answer', async () => {
    standIn.answers(() => undefined);
    expect(
      await make({ alertmanager: { url: standIn.url } }).test(context),
    ).toBe(
      'Prometheus 2.42.0+ds answers queries; Alertmanager 0.25.0 answers.',
    );
  });

  it('does not need the version', async () => {
    standIn.answers(({ path }) =>
      path === '/api/v1/status/buildinfo'
        ? recorded('prometheus/404')
        : undefined,
    );
    expect(await make({ id: 'mimir' }).test(context)).toBe(
      'Prometheus mimir of unknown version answers queries; no Alertmanager is set up.',
    );
  });

  it('fails where queries do', async () => {
    standIn.answers(() => recorded('prometheus/404'));
    await expect(make().test(context)).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});
