import path from 'node:path';
import { type ArtifactStore, join } from './ArtifactStore';
import { MANIFEST } from './manifest';

const ARCHIVE = /\.(tar\.gz|tgz)$/;

/** Where a version's bundle is: one archive, or a folder of its files. */
export interface BundlePlace {
  kind: 'archive' | 'folder';
  path: string;
  /** Null where the server does not say, and of a folder. */
  sizeBytes: number | null;
}

/**
 * Looks for a bundle in the folders of a version: `<bundle>.tar.gz`, `model.tar.gz`, the folder
 * `<bundle>` or one archive in it, or a folder that is a bundle itself.
 *
 * @param bundle - path below each root, as configured.
 * @returns null where there is none.
 */
export async function findBundle(
  store: ArtifactStore,
  roots: readonly string[],
  bundle: string,
  signal: AbortSignal,
): Promise<BundlePlace | null> {
  const parent = path.posix.dirname(bundle).replace(/^\.$/, '');
  const base = path.posix.basename(bundle);
  for (const root of roots) {
    const within = join(root, parent);
    const entries = await store.list(within, signal);
    const archive = [`${base}.tar.gz`, `${base}.tgz`, 'model.tar.gz']
      .map(name => entries.find(e => e.name === name && !e.isFolder))
      .find(entry => entry !== undefined);
    if (archive) {
      return {
        kind: 'archive',
        path: join(within, archive.name),
        sizeBytes: archive.sizeBytes,
      };
    }
    if (entries.some(entry => entry.name === base && entry.isFolder)) {
      const found = await ofFolder(store, join(within, base), signal);
      if (found) return found;
    }
    if (entries.some(entry => entry.name === MANIFEST && !entry.isFolder)) {
      return { kind: 'folder', path: within, sizeBytes: null };
    }
  }
  return null;
}

async function ofFolder(
  store: ArtifactStore,
  folder: string,
  signal: AbortSignal,
): Promise<BundlePlace | null> {
  const entries = await store.list(folder, signal);
  const [only] = entries;
  if (entries.length === 1 && !only.isFolder && ARCHIVE.test(only.name)) {
    return {
      kind: 'archive',
      path: join(folder, only.name),
      sizeBytes: only.sizeBytes,
    };
  }
  return entries.length > 0
    ? { kind: 'folder', path: folder, sizeBytes: null }
    : null;
}
