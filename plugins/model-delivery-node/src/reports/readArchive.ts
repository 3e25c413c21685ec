import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type KeyedEvidence, readAllEvidence } from './readEvidence';
import { ArchiveError, unzip } from './unzip';

/**
 * What the reports in an archive say. One that can't be unpacked is evidence of status `error`.
 *
 * @param archive - its bytes; null where it has more than may be read.
 * @param of - the archive's name, for people; `at` is RFC 3339. `folder` is where in it the reports may
 *   lie, besides its top.
 */
export async function readArchive(
  archive: Buffer | null,
  of: { name: string; runId: string; at: string; folder?: string },
  signal: AbortSignal,
): Promise<KeyedEvidence[]> {
  const { runId, at } = of;
  if (!archive) return [unread(of, 'it is too large to hold reports')];
  const unpacked = await fs.mkdtemp(path.join(os.tmpdir(), 'slipway-reports-'));
  try {
    await unzip(archive, unpacked, signal);
    const found = await readAllEvidence(unpacked, { runId, at });
    if (found.length > 0 || !of.folder) return found;
    return await readAllEvidence(path.join(unpacked, of.folder), { runId, at });
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return [unread(of, error.message)];
  } finally {
    await fs.rm(unpacked, { recursive: true, force: true });
  }
}

/** An unreadable archive becomes an error of its own; the others are read. */
function unread(
  { name, runId, at }: { name: string; runId: string; at: string },
  why: string,
): KeyedEvidence {
  return {
    key: `artifact/${name}`,
    evidence: {
      kind: 'report',
      name,
      status: 'error',
      summary: `The artifact ${name} was not read: ${why}.`,
      at,
      runId,
    },
  };
}
