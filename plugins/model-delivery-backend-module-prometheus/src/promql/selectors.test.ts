import { upOfQuery, upSelector } from './selectors';

describe('a selector of up', () => {
  it.each([
    ['{job="a"}', 'up{job="a"}'],
    ['up{job="a",pod=~"b-.*"}', 'up{job="a",pod=~"b-.*"}'],
    [
      'probe_success{instance="https://a/?b={c}"}',
      'probe_success{instance="https://a/?b={c}"}',
    ],
    [' { job = "a" , } ', 'up{ job = "a" , }'],
    ['{"probe.success", "job.name"="a"}', '{"probe.success", "job.name"="a"}'],
  ])('may be %s', (text, selector) => {
    expect(upSelector(text)).toBe(selector);
  });

  it.each([
    'job="a"',
    'up',
    '{}',
    'up{job="a"} or vector(1)',
    '{job="a"} or up{job="b"}',
    'sum(up{job="a"})',
    'up{job="a"}[5m]',
    '{job="a" or pod="b"}',
    '{job="a"}{pod="b"}',
    'up{"job"}',
  ])('is not %s', text => {
    expect(() => upSelector(text)).toThrow(/one selector .* is due/);
  });

  it('is made of the labels of targets in a query', () => {
    expect(
      upOfQuery(
        'sum(rate(a{job="x",code=~"5..",model=~"m.*"}[5m])) / sum(rate(b{job="y"}[5m]))',
      ),
    ).toBe('up{job="x",model=~"m.*"}');
    expect(upOfQuery('a{code="200"} / b{service=\'c\'}')).toBe(
      "up{service='c'}",
    );
    expect(upOfQuery('sum(a)')).toBeUndefined();
  });
});
