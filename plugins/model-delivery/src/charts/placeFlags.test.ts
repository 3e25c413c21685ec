import { placeFlags } from './placeFlags';

const marks = (...places: [x: number, label: string][]) =>
  places.map(([x, label]) => ({ x, label }));

describe('placeFlags', () => {
  it('puts a name to the right of its flag, at the end to the left', () => {
    expect(placeFlags(marks([10, '1.0.0'], [98, '1.1.0']), [0, 100])).toEqual([
      'right',
      'left',
    ]);
  });

  it('lets no two names lie over each other, and keeps the newest', () => {
    expect(
      placeFlags(marks([50, '1.0.0'], [51, '1.1.0'], [52, '1.2.0']), [0, 100]),
    ).toEqual(['left', null, 'right']);
  });

  it('names the newest, where older ones stand beside it at the end', () => {
    expect(placeFlags(marks([97, '0.1.0'], [99, '0.2.0']), [0, 100])).toEqual([
      null,
      'left',
    ]);
  });

  it('reckons with long names no longer than they are drawn', () => {
    expect(
      placeFlags(marks([5, `2026.11.23+${'a'.repeat(40)}`]), [0, 100]),
    ).toEqual(['right']);
  });
});
