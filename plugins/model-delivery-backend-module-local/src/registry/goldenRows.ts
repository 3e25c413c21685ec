import { z } from 'zod';
import { type Bundle, readBundleJson } from './bundle';

/** Relative, or absolute near zero: what the contract allows between platforms. */
const TOLERANCE = 1e-9;

const golden = z
  .array(
    z.looseObject({
      row: z.record(z.string(), z.json()),
      prediction: z.looseObject({ value: z.union([z.string(), z.number()]) }),
    }),
  )
  .max(1_000);
export type GoldenRow = z.infer<typeof golden>[number];

/** Rows with the answers that the model gave when it was made; none where the bundle has none. @throws BundleError */
export async function readGoldenRows(bundle: Bundle): Promise<GoldenRow[]> {
  return (
    (await readBundleJson(bundle.folder, 'model/golden.json', golden)) ?? []
  );
}

/** Whether two answers are the same, up to rounding on another machine. */
export function isSameAnswer(
  expected: string | number,
  found: unknown,
): boolean {
  if (typeof expected === 'number' && typeof found === 'number') {
    return (
      Math.abs(expected - found) <=
      Math.max(
        TOLERANCE * Math.max(Math.abs(expected), Math.abs(found)),
        TOLERANCE,
      )
    );
  }
  return expected === found;
}
