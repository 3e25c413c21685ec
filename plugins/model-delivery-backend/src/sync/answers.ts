import { run } from '@slipway/plugin-model-delivery-common/schema';
import type {
  Page,
  ProviderIdentity,
} from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';
import { storedVersion } from '../database/VersionStore';
import { parseAnswer } from '../providers/parseAnswer';

const page = z.object({
  items: z.array(z.unknown()),
  nextCursor: z.string().nullish(),
});
/** As long as the database keeps it. */
const name = z.string().min(1).max(200);
export const providerRun = run.omit({ provider: true });

/** One page of a list, whose items are still to be read. */
export function pageOf(
  provider: ProviderIdentity,
  part: 'runs' | 'versions',
  answer: unknown,
): Page<unknown> {
  const { items, nextCursor } = parseAnswer(
    provider,
    { thing: 'a page', part },
    page,
    answer,
  );
  return { items, ...(nextCursor && { nextCursor }) };
}

/**
 * What a run is called. Without it nothing can be said about the run nor asked for again, so a list
 * that holds such a one cannot be read.
 */
export function idOf(provider: ProviderIdentity, item: unknown): string {
  const about = { thing: 'a run', part: 'run' };
  return parseAnswer(provider, about, z.looseObject({ id: name }), item).id;
}

export const runOf = (provider: ProviderIdentity, id: string, item: unknown) =>
  parseAnswer(provider, { thing: `run ${id}`, part: 'run' }, providerRun, item);

/** What a version is called; as with runs, one without a name spoils its list. */
export function versionNameOf(
  provider: ProviderIdentity,
  item: unknown,
): string {
  const about = { thing: 'a version', part: 'version' };
  return parseAnswer(provider, about, z.looseObject({ version: name }), item)
    .version;
}

export const versionOf = (
  provider: ProviderIdentity,
  version: string,
  item: unknown,
) =>
  parseAnswer(
    provider,
    { thing: `version ${version}`, part: 'version' },
    storedVersion,
    item,
  );
