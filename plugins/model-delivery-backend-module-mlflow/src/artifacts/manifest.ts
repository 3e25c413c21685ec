import {
  describeIssues,
  digest,
} from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';

export const MANIFEST = 'manifest.json';
/** Says which release this packing is; no part of the artifact. */
const UNNAMED_FILES = [MANIFEST, 'release.json'];
const MAX_REASON = 500;

const manifestSchema = z.looseObject({
  files: z.record(z.string().min(1).max(500), digest),
});

/** The files that a bundle turned out to hold, by name, each with its sha256 as `sha256:…`. */
export type FileDigests = ReadonlyMap<string, string>;

/**
 * Holds a bundle against its manifest, and the manifest against what was registered: the digest of
 * a version is the sha256 of its manifest.
 *
 * @param manifest - the bytes of the manifest; null where the bundle has none.
 * @param registered - null where no digest was registered.
 * @throws ProviderError `bad-data` that says what differs.
 */
export function verifyBundle(
  files: FileDigests,
  manifest: Buffer | null,
  registered: string | null,
): void {
  const found = files.get(MANIFEST);
  if (!found || !manifest) {
    // Nothing was promised of it.
    if (!registered) return;
    throw bad(
      `it has no ${MANIFEST}, whose digest ${registered} was registered.`,
    );
  }
  if (registered && found !== registered) {
    throw bad(
      `its manifest has the digest ${found}; ${registered} was registered.`,
    );
  }
  const named = parse(manifest);
  for (const file of files.keys()) {
    if (!UNNAMED_FILES.includes(file) && !Object.hasOwn(named, file)) {
      throw bad(`it contains ${file}, which is not in its manifest.`);
    }
  }
  for (const [file, wanted] of Object.entries(named)) {
    if (!files.has(file)) throw bad(`it lacks ${file}, named in its manifest.`);
    if (files.get(file) !== wanted) {
      throw bad(`${file} differs from its manifest.`);
    }
  }
}

function parse(bytes: Buffer): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw bad(`its ${MANIFEST} is not JSON.`);
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    throw bad(describeIssues(MANIFEST, parsed.error, value));
  }
  return parsed.data.files;
}

function bad(reason: string): ProviderError {
  return new ProviderError(
    'bad-data',
    `The bundle is not the one that was registered: ${reason.slice(
      0,
      MAX_REASON,
    )}`,
  );
}
