import crypto from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import {
  describeIssues,
  digest,
  jsonValue,
} from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';
import { isFsError } from '../StateFolder';
import { unpack } from '../unpack';

/** A bundle that is not what it says; the message says in what. */
export class BundleError extends Error {
  readonly name = 'BundleError';
}

const manifestSchema = z.looseObject({
  schema: z.string().regex(/^model-delivery\/manifest\/v1$/),
  model: z.string().min(1).max(200),
  package: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/),
  files: z.record(z.string().min(1).max(500), digest),
  dataset: z
    .looseObject({
      name: z.string().nullish(),
      digest: z.string().nullish(),
      rows: z.int().nullish(),
    })
    .nullish(),
  /** Texts in files of rows that mean a missing value; left out, the empty one alone. */
  missing: z.array(z.string()).nullish(),
});
export type Manifest = z.infer<typeof manifestSchema>;

const MANIFEST = 'manifest.json';
/** Says which release this packing is; no part of the artifact. */
const UNNAMED_FILES = [MANIFEST, 'release.json'];
const JSON_LIMIT = 16 * 1024 * 1024;

/** An unpacked bundle of which every file is what the manifest says. */
export interface Bundle {
  folder: string;
  manifest: Manifest;
  /** sha256 of the manifest's bytes, as `sha256:…`. */
  digest: string;
}

/**
 * Unpacks a bundle and verifies every file in it.
 *
 * @param expected - the digest that it must have, where that is known.
 * @throws BundleError, UnsafeArchiveError
 */
export async function openBundle(
  stream: Readable,
  folder: string,
  expected?: string | null,
): Promise<Bundle> {
  try {
    await unpack(stream, folder);
  } catch (error) {
    // Where the disk is at fault, the bundle is not.
    if ((error as Error).name === 'UnsafeArchiveError' || isFsError(error)) {
      throw error;
    }
    throw new BundleError(
      `The bundle cannot be unpacked: ${(error as Error).message}`,
    );
  }
  return await verifyBundle(folder, expected);
}

/** Verifies an unpacked bundle. @throws BundleError */
export async function verifyBundle(
  folder: string,
  expected?: string | null,
): Promise<Bundle> {
  const bytes = await fs
    .readFile(path.join(folder, MANIFEST))
    .catch(() => undefined);
  if (!bytes) throw new BundleError('The bundle has no manifest.json.');
  const found = sha256(bytes);
  if (expected && found !== expected) {
    throw new BundleError(
      `The bundle's manifest has the digest ${found}; ${expected} was registered.`,
    );
  }
  const manifest = parseManifest(bytes);
  const files = await listFiles(folder);
  for (const file of files) {
    if (!UNNAMED_FILES.includes(file) && !(file in manifest.files)) {
      throw new BundleError(
        `The bundle contains ${file}, which is not in its manifest.`,
      );
    }
  }
  for (const [file, wanted] of Object.entries(manifest.files)) {
    if (!files.includes(file)) {
      throw new BundleError(`The bundle lacks ${file}, named in its manifest.`);
    }
    if ((await sha256OfFile(path.join(folder, file))) !== wanted) {
      throw new BundleError(`${file} in the bundle differs from its manifest.`);
    }
  }
  return { folder, manifest, digest: found };
}

function parseManifest(bytes: Buffer): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new BundleError('manifest.json of the bundle is not JSON.');
  }
  const parsed = manifestSchema.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    throw new BundleError(describeIssues('manifest.json', parsed.error, value));
  }
  return parsed.data;
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry =>
      path
        .relative(folder, path.join(entry.parentPath, entry.name))
        .split(path.sep)
        .join('/'),
    );
}

/**
 * Reads a JSON file of a bundle by a schema.
 *
 * @returns null where there is none. @throws BundleError where it does not hold.
 */
export async function readBundleJson<T extends z.ZodType>(
  folder: string,
  file: string,
  schema: T,
): Promise<z.infer<T> | null> {
  const full = path.join(folder, file);
  const stat = await fs.stat(full).catch(() => undefined);
  if (!stat) return null;
  if (stat.size > JSON_LIMIT) {
    throw new BundleError(`${file} of the bundle has ${stat.size} bytes.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(await fs.readFile(full, 'utf8'));
  } catch {
    throw new BundleError(`${file} of the bundle is not JSON.`);
  }
  const parsed = schema.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    throw new BundleError(describeIssues(file, parsed.error, value));
  }
  return parsed.data;
}

export const paramsSchema = z.record(z.string(), jsonValue);

export function sha256(bytes: Buffer): string {
  return `sha256:${crypto.createHash('sha256').update(bytes).digest('hex')}`;
}

export async function sha256OfFile(file: string): Promise<string> {
  const hash = crypto.createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}
