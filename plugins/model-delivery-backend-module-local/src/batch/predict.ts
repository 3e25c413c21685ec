import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { cleanEnvironment } from '../processes/environment';
import type { ProcessRecords } from '../processes/ProcessRecords';
import type { Bundle } from '../registry/bundle';
import { judgeEnd } from '../runner/outcome';
import type { PythonEnvironments } from '../runner/PythonEnvironments';
import { runProcess } from '../runner/runProcess';
import { makeFolder } from '../StateFolder';
import type { LogTail } from './LogTail';

const REPORT = 'predictions.json';
const REPORT_LIMIT = 1024 * 1024;
const BAD_USAGE = 2;

const count = z.int().min(0).max(2_147_483_647);
const report = z
  .looseObject({
    schema: z.literal('model-delivery/predictions/v1'),
    rowsIn: count,
    rowsOut: count,
    rejected: z.looseObject({ count }),
  })
  .refine(
    ({ rowsIn, rowsOut, rejected }) => rowsIn === rowsOut + rejected.count,
    'rowsIn must be rowsOut and rejected.count together',
  );

/** How many rows came in, were predicted, and were not. */
export interface RowCounts {
  rowsIn: number;
  rowsOut: number;
  rejected: number;
}

/** A prediction that failed; the message is a sentence for the run. */
export class PredictError extends Error {
  readonly name = 'PredictError';
}

export interface PredictParts {
  environments: PythonEnvironments;
  records: ProcessRecords;
  extraVariables: readonly string[];
  timeoutSeconds: number;
}

/**
 * Runs the project's verb `predict` of an unpacked bundle, in a process group of its own.
 *
 * @param request - `output` is written by the verb, whole or not at all; `home` is for HOME and TMPDIR.
 * @throws PredictError; the signal's reason, a `StopReason`, where it aborted.
 */
export async function predict(
  parts: PredictParts,
  request: {
    bundle: Bundle;
    version: string;
    input: string;
    output: string;
    home: string;
    owner: string;
    log: LogTail;
    signal: AbortSignal;
  },
): Promise<RowCounts> {
  const { bundle, log, signal } = request;
  const python = await parts.environments.interpreter(bundle.folder, text =>
    log.note(text),
  );
  await makeFolder(request.home);
  const model = path.join(bundle.folder, 'model');
  const end = await runProcess({
    command: python,
    args: [
      ...['-m', bundle.manifest.package, 'predict', '--model-dir', model],
      ...['--input', request.input, '--output', request.output],
    ],
    cwd: bundle.folder,
    env: {
      ...cleanEnvironment(process.env, parts.extraVariables),
      HOME: request.home,
      TMPDIR: request.home,
      PYTHONPATH: path.join(bundle.folder, 'src'),
      PYTHONUNBUFFERED: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONNOUSERSITE: '1',
      MODEL_DIR: model,
      MODEL_VERSION: request.version,
    },
    timeoutSeconds: parts.timeoutSeconds,
    signal,
    records: parts.records,
    owner: request.owner,
    log,
  });
  signal.throwIfAborted();
  const { status, reason } = judgeEnd('predict', end, log.lines.at(-1) ?? null);
  if (status !== 'passed') {
    const remedy =
      end.kind === 'exit' && end.code === BAD_USAGE
        ? ' A version whose project has no verb predict cannot run as a batch job.'
        : '';
    throw new PredictError(`${reason}${remedy}`);
  }
  return await readReport(request.output);
}

async function readReport(output: string): Promise<RowCounts> {
  const file = path.join(output, REPORT);
  const stat = await fs.stat(file).catch(() => undefined);
  if (!stat) {
    throw new PredictError(`predict ended and wrote no ${REPORT}.`);
  }
  const parsed = report.safeParse(
    stat.size <= REPORT_LIMIT
      ? parseJson(await fs.readFile(file, 'utf8'))
      : undefined,
  );
  if (!parsed.success) {
    throw new PredictError(
      `The ${REPORT} of predict is invalid: it must have rowsIn, rowsOut and rejected.count, which add up.`,
    );
  }
  const { rowsIn, rowsOut, rejected } = parsed.data;
  return { rowsIn, rowsOut, rejected: rejected.count };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
