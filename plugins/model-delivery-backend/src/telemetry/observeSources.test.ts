import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import type { SourceDetail } from '@slipway/plugin-model-delivery-common/schema';
import { observeSources } from './observeSources';

const source = (overrides: Partial<SourceDetail>): SourceDetail => ({
  id: 'runs:fake',
  provider: 'fake',
  title: 'Fake',
  capability: 'pipelines',
  status: 'ok',
  fetchedAt: '2026-01-01T00:00:00.000Z',
  error: null,
  installed: true,
  host: null,
  models: 3,
  due: 1,
  failing: 0,
  nextDueAt: null,
  budget: null,
  testable: false,
  offersCandidates: false,
  ...overrides,
});

it('gives every number of a source that is known, and none that is not', async () => {
  const observed = new Map<string, [number, object][]>();
  const callbacks: [string, Function][] = [];
  const metrics = metricsServiceMock.mock();
  metrics.createObservableGauge.mockImplementation((name: string) => ({
    addCallback: (callback: Function) => callbacks.push([name, callback]),
    removeCallback: () => undefined,
  }));
  metrics.createHistogram.mockReturnValue({ record: () => undefined });
  const list = jest.fn(async () => [
    source({ budget: { limit: 9, remaining: 7, resetsAt: '' } }),
    source({ id: 'runs:new', fetchedAt: null }),
  ]);
  observeSources(metrics, list, () => new Date('2026-01-01T00:00:30.000Z'));
  for (const [name, callback] of callbacks) {
    const seen: [number, object][] = [];
    observed.set(name, seen);
    await callback({
      observe: (value: number, labels: object) => seen.push([value, labels]),
    });
  }
  const values = (name: string) =>
    observed.get(`model_delivery.source.${name}`)?.map(([value]) => value);
  expect(values('due')).toEqual([1, 1]);
  expect(values('age')).toEqual([30]);
  expect(values('budget.remaining')).toEqual([7]);
  expect(list).toHaveBeenCalledTimes(1);
});
