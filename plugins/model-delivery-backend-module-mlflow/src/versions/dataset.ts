import { z } from 'zod';
import type { Run } from '../api/schemas';

const TRAINING = ['training', 'train'];
const profile = z.looseObject({ num_rows: z.int().nonnegative() });

/** The data that a run was trained on: the input that says so, or else the first. */
export function datasetOf(run: Run | null): {
  datasetName: string | null;
  datasetDigest: string | null;
  datasetRows: number | null;
} {
  const inputs = run?.inputs.dataset_inputs ?? [];
  const { dataset } =
    inputs.find(({ tags }) =>
      TRAINING.includes(tags.get('mlflow.data.context') ?? ''),
    ) ??
    inputs[0] ??
    {};
  return {
    datasetName: dataset?.name || null,
    datasetDigest: dataset?.digest || null,
    datasetRows: rowsOf(dataset?.profile ?? ''),
  };
}

function rowsOf(text: string): number | null {
  try {
    const parsed = profile.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.num_rows : null;
  } catch {
    return null;
  }
}
