import { signature as signatureSchema } from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';
import { type Bundle, readBundleJson } from '../registry/bundle';
import { isSameAnswer, readGoldenRows } from '../registry/goldenRows';
import { sentence } from '@slipway/plugin-model-delivery-node/reports';
import { inferRequest, parseInferResponse, refusalOf } from './inference';
import { ServerError } from './ServerProcess';
import { servedVersion } from './servedVersion';

const TIMEOUT_MS = 30_000;

/**
 * Asks a running server what its own bundle says that it has to answer: its metadata, its golden
 * rows, its metrics. Our own code, so that a bundle does not judge itself.
 *
 * @returns what was found, in a sentence.
 * @throws ServerError with what is wrong.
 */
export async function smoke(
  url: string,
  bundle: Bundle,
  version: string,
  signal: AbortSignal,
): Promise<string> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const model = `${url}/v2/models/${encodeURIComponent(bundle.manifest.model)}`;
  const signature = await readBundleJson(
    bundle.folder,
    'model/signature.json',
    signatureSchema,
  );
  if (!signature) throw new ServerError('The bundle has no signature.json.');
  await compareMetadata(model, signature, within);
  const rows = await readGoldenRows(bundle);
  for (const [index, { row, prediction: expected }] of rows.entries()) {
    const response = await ask(`${model}/infer`, within, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(inferRequest(signature, row)),
    });
    const { outputs } = parseInferResponse(signature, response);
    const found = outputs[signature.outputs[0]?.name ?? ''];
    if (!isSameAnswer(expected.value, found)) {
      throw new ServerError(
        sentence(
          `Golden row ${index + 1} has the answer ${JSON.stringify(
            expected.value,
          )}; the server says ${JSON.stringify(found)}.`,
        ),
      );
    }
  }
  const served = await servedVersion(url).catch(error => {
    throw new ServerError(`Its metrics cannot be read: ${error.message}`);
  });
  if (served !== version) {
    throw new ServerError(
      `The server says that it serves ${served ?? 'nothing'}, not ${version}.`,
    );
  }
  return rows.length > 0
    ? `${rows.length} golden rows answered as expected`
    : 'its metadata is as expected';
}

const metadata = z.looseObject({
  inputs: z.array(z.looseObject({ name: z.string(), datatype: z.string() })),
  outputs: z.array(z.looseObject({ name: z.string(), datatype: z.string() })),
});

async function compareMetadata(
  model: string,
  signature: z.infer<typeof signatureSchema>,
  signal: AbortSignal,
): Promise<void> {
  const found = metadata.safeParse(await ask(model, signal));
  if (!found.success) {
    throw new ServerError(
      'The server does not describe its inputs and outputs.',
    );
  }
  const fields = (list: Array<{ name: string; datatype: string }>) =>
    list.map(({ name, datatype }) => `${name} ${datatype}`).join(', ');
  for (const part of ['inputs', 'outputs'] as const) {
    if (fields(found.data[part]) !== fields(signature[part])) {
      throw new ServerError(
        sentence(
          `The server's ${part} are ${fields(
            found.data[part],
          )}; its signature says ${fields(signature[part])}.`,
        ),
      );
    }
  }
}

async function ask(
  url: string,
  signal: AbortSignal,
  request: RequestInit = {},
): Promise<unknown> {
  const response = await fetch(url, { ...request, signal });
  const body = await response.text();
  if (response.status !== 200) {
    throw new ServerError(
      sentence(
        `The server answered ${response.status} to ${
          new URL(url).pathname
        }: ${refusalOf(body)}`,
      ),
    );
  }
  try {
    return JSON.parse(body);
  } catch {
    throw new ServerError(
      `The server's answer to ${new URL(url).pathname} is not JSON.`,
    );
  }
}
