import type { ProviderVersion } from '@slipway/plugin-model-delivery-node';
import type { ShelfVersion } from './ShelfApi';

/** What Shelf says of a version, in our words. What it does not know is null. */
export function toVersion(shelf: ShelfVersion): ProviderVersion {
  return {
    version: String(shelf.version),
    status: 'registered',
    reasons: [],
    commit: shelf.commit,
    commitMessage: null,
    author: shelf.author,
    createdAt: new Date(shelf.created).toISOString(),
    // Ours is that of a bundle's manifest. Shelf's is that of the archive, checked on the way out.
    digest: null,
    artifactUri: null,
    datasetDigest: null,
    datasetName: null,
    datasetRows: null,
    sizeBytes: shelf.bundle?.bytes ?? null,
    metrics: shelf.metrics.map(({ name, value, better }) => ({
      name,
      value,
      unit: null,
      direction: better === 'higher' ? 'max' : 'min',
      ci: null,
      n: null,
      split: null,
    })),
    params: {},
    aliases: shelf.aliases,
    runId: null,
    hasCard: shelf.notes !== null,
    url: null,
  };
}
