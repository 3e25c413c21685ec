import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Evidence } from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { readAllEvidence } from '@slipway/plugin-model-delivery-node/reports';
import { inParallel } from '../api/inParallel';
import { type ArtifactStore, join } from '../artifacts/ArtifactStore';

const LIMITS = { maxFiles: 100, maxDepth: 2 };
const MAX_REPORT_BYTES = 8 * 1024 * 1024;
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;
const AT_ONCE = 4;

/**
 * What the reports of the contract say, fetched from the first root that has a folder of them.
 *
 * @param about - the pipeline run that made them, where that is known, and when.
 * @returns nothing where no root has reports.
 */
export async function readReports(
  store: ArtifactStore,
  roots: readonly string[],
  reports: string,
  about: { runId: string | null; at: string },
  signal: AbortSignal,
): Promise<Evidence[]> {
  for (const root of roots) {
    const from = join(root, reports);
    const files = (await store.walk(from, LIMITS, signal)).filter(({ name }) =>
      /\.(json|xml|md)$/.test(name),
    );
    if (files.length === 0) continue;
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'mlflow-reports-'));
    try {
      await fetchInto(store, from, files, folder, signal);
      const found = await readAllEvidence(folder, {
        runId: about.runId ?? '',
        at: about.at,
      });
      return found.map(({ evidence }) => ({
        ...evidence,
        runId: about.runId,
      }));
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  }
  return [];
}

async function fetchInto(
  store: ArtifactStore,
  from: string,
  files: { name: string; sizeBytes: number | null }[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  let total = 0;
  await inParallel(files, AT_ONCE, async ({ name, sizeBytes }) => {
    const target = path.join(folder, name);
    if (sizeBytes !== null && sizeBytes > MAX_REPORT_BYTES) {
      // Not fetched: the reader sees its size and reports that it is too large.
      await fs.mkdir(path.dirname(target), { recursive: true });
      await fs.writeFile(target, '');
      await fs.truncate(target, sizeBytes);
      return;
    }
    const fetched = await store.download(
      join(from, name),
      target,
      MAX_REPORT_BYTES,
      signal,
    );
    total += fetched.sizeBytes;
    if (total > MAX_TOTAL_BYTES) {
      throw new ProviderError(
        'bad-data',
        `The reports of this version have more than ${MAX_TOTAL_BYTES} bytes.`,
      );
    }
  });
}
