import fs from 'node:fs/promises';
import path from 'node:path';
import {
  type Signature,
  signature as signatureSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import type { JsonValue } from '@slipway/plugin-model-delivery-node';
import { sentence } from '@slipway/plugin-model-delivery-node/reports';
import { stringify } from 'csv-stringify/sync';
import { type Bundle, readBundleJson } from '../registry/bundle';
import {
  type GoldenRow,
  isSameAnswer,
  readGoldenRows,
} from '../registry/goldenRows';
import { makeFolder } from '../StateFolder';
import { parseCsv } from '../traffic/rows';
import { LogTail } from './LogTail';
import { predict, PredictError, type PredictParts } from './predict';

const FILE = 'golden.csv';

/**
 * Tries a version before it is live: its verb `predict` has to answer the golden rows of its bundle as
 * recorded. Our own code compares, so that a bundle does not judge itself.
 *
 * @param folder - of the deployment; the files of the trial are removed again.
 * @returns the result in a sentence without a full stop.
 * @throws PredictError
 */
export async function verifyPredictions(
  parts: PredictParts,
  trial: {
    bundle: Bundle;
    version: string;
    deploymentId: string;
    folder: string;
    signal: AbortSignal;
  },
): Promise<string> {
  const { bundle, version } = trial;
  const signature = await readBundleJson(
    bundle.folder,
    'model/signature.json',
    signatureSchema,
  );
  const answer = signature?.outputs[0]?.name;
  if (!signature || answer === undefined) {
    throw new PredictError('The bundle has no signature.json with an output.');
  }
  const rows = await readGoldenRows(bundle);
  const folder = path.join(trial.folder, 'trial');
  await fs.rm(folder, { recursive: true, force: true });
  await makeFolder(folder);
  try {
    const input = path.join(folder, FILE);
    await fs.writeFile(
      input,
      toCsv(signature, rows, missingText(bundle.manifest.missing)),
    );
    const output = path.join(folder, 'output');
    await predict(parts, {
      bundle,
      version,
      input,
      output,
      home: path.join(folder, 'home'),
      owner: trial.deploymentId,
      log: new LogTail(),
      signal: trial.signal,
    });
    const text = await fs
      .readFile(path.join(output, FILE), 'utf8')
      .catch(() => '');
    compare(rows, text, `predicted_${answer}`);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
  return rows.length > 0
    ? `${rows.length} golden rows were predicted as expected`
    : 'it has no golden rows, and predicted an empty file';
}

function compare(rows: GoldenRow[], text: string, column: string): void {
  const found = text ? parseCsv(text) : [];
  if (found.length !== rows.length) {
    throw new PredictError(
      `predict wrote ${found.length} of ${rows.length} golden rows.`,
    );
  }
  for (const [index, { prediction }] of rows.entries()) {
    const value: string | undefined = found[index][column];
    const isSame =
      value !== undefined &&
      isSameAnswer(
        prediction.value,
        typeof prediction.value === 'number' ? Number(value) : value,
      );
    if (!isSame) {
      throw new PredictError(
        sentence(
          `Golden row ${index + 1} has the answer ${JSON.stringify(
            prediction.value,
          )}; predict wrote ${value === undefined ? `no ${column}` : JSON.stringify(value)}.`,
        ),
      );
    }
  }
}

/** The text that stands for a missing value in files. */
function missingText(missing: string[] | null | undefined): string {
  return missing && !missing.includes('') ? (missing[0] ?? '') : '';
}

function toCsv(
  signature: Signature,
  rows: GoldenRow[],
  missing: string,
): string {
  const names = signature.inputs.map(({ name }) => name);
  return stringify(
    [
      names,
      ...rows.map(({ row }) => names.map(name => cell(row[name], missing))),
    ],
    { quoted_empty: true, record_delimiter: 'unix' },
  );
}

function cell(value: JsonValue | undefined, missing: string): string {
  return value === null || value === undefined ? missing : String(value);
}
