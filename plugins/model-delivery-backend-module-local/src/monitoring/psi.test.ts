import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { psi } from './psi';
import { type Distribution, referenceBins } from './reference';

interface Golden {
  name: string;
  reference: Distribution;
  window: { counts: number[]; other?: number; missing: number };
  psi: number;
}

/** The same vectors that the generated Python project is tested with. */
const golden: Golden[] = JSON.parse(
  readFileSync(
    path.resolve(
      __dirname,
      '../../../../templates/model-project/skeleton/base/tests/golden/psi.json',
    ),
    'utf8',
  ),
);

describe('psi', () => {
  it.each(golden)('agrees with Python: $name', vector => {
    const window =
      vector.reference.kind === 'numeric'
        ? [...vector.window.counts, vector.window.missing]
        : [
            ...vector.window.counts,
            vector.window.other ?? 0,
            vector.window.missing,
          ];
    expect(psi(referenceBins(vector.reference), window)).toBeCloseTo(
      vector.psi,
      12,
    );
  });

  const counts = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 12 });

  it('is zero for the same counts, and never negative or infinite', () => {
    fc.assert(
      fc.property(
        counts.chain(a =>
          fc.tuple(
            fc.constant(a),
            fc.array(fc.nat(1_000), {
              minLength: a.length,
              maxLength: a.length,
            }),
          ),
        ),
        ([a, b]) => {
          expect(psi(a, a)).toBe(0);
          expect(psi(a, b)).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(psi(a, b))).toBe(true);
          expect(psi(a, b)).toBeCloseTo(psi(b, a), 9);
        },
      ),
    );
  });

  it('refuses bins that do not match', () => {
    expect(() => psi([1], [1, 2])).toThrow('1 bins cannot be compared with 2');
  });
});
