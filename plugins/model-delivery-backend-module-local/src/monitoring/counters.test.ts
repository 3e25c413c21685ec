import fc from 'fast-check';
import { type Counted, countersOf, emptyCounters, increase } from './counters';
import { parsePrometheusText } from './prometheusText';

const scrape = (instance: string, predictions: number): Counted => ({
  instance,
  counters: {
    ...emptyCounters(),
    predictions,
    classes: { a: predictions },
  },
});

describe('countersOf', () => {
  it('keeps what is watched, of the inference endpoint', () => {
    const counters = countersOf(
      parsePrometheusText(`
# TYPE model_requests_total counter
model_requests_total{endpoint="infer",code="200"} 7
model_requests_total{endpoint="metrics",code="200"} 9
model_request_duration_seconds_bucket{endpoint="infer",le="+Inf"} 7
model_predictions_total{class="a"} 3
model_predictions_total{class="b"} 4
model_prediction_value_bucket{output="y",le="1.5"} 2
model_prediction_value_sum{output="y"} 3.5
model_feature_value_bucket{feature="x",le="0.5"} 5
model_feature_category_total{feature="c",category="__other__"} 1
model_feature_missing_total{feature="x"} 2
something_else 1
`),
    );
    expect(counters).toEqual({
      predictions: 7,
      requests: { 200: 7 },
      durations: { '+Inf': 7 },
      classes: { a: 3, b: 4 },
      values: { y: { 1.5: 2 } },
      sums: { y: 3.5 },
      numbers: { x: { 0.5: 5 } },
      categories: { c: { __other__: 1 } },
      missing: { x: 2 },
    });
  });
});

describe('increase', () => {
  it('counts what came between scrapes', () => {
    expect(
      increase([scrape('1', 10), scrape('1', 12), scrape('1', 17)]).predictions,
    ).toBe(7);
  });

  it('counts a new life of the server from zero', () => {
    expect(increase([scrape('1', 10), scrape('2', 4)]).predictions).toBe(4);
    expect(increase([scrape('1', 10), scrape('2', 14)]).predictions).toBe(14);
  });

  it('takes a counter that falls for a new life', () => {
    expect(increase([scrape('1', 10), scrape('1', 4)]).predictions).toBe(4);
  });

  it('is nothing for one scrape', () => {
    expect(increase([scrape('1', 10)])).toEqual(emptyCounters());
  });

  it('is the sum of all steps, wherever the server began anew', () => {
    const life = fc.array(fc.nat(50), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(life, { minLength: 1, maxLength: 5 }), lives => {
        const scrapes = lives.flatMap((steps, index) => {
          let total = 0;
          return steps.map(step => {
            total += step;
            return scrape(String(index), total);
          });
        });
        const [[first]] = lives;
        const all = lives.flat().reduce((sum, step) => sum + step, 0);
        const counted = increase(scrapes);
        expect(counted.predictions).toBe(all - first);
        expect(counted.classes.a ?? 0).toBe(all - first);
      }),
    );
  });
});
