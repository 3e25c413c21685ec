import { ProviderError } from '../ProviderError';
import type { CommitAuthor } from '../providers/PipelineProvider';

/** More in one range are not read: nobody could review them at once either. */
const MOST_COMMITS = 250;
const SHA = /^[0-9a-f]{7,64}$/;
/** By which code hosts hide the address of an account. */
const HIDDEN = /@users\.noreply\./i;

/** The commits that lead to `to` and not to `from`; without `from`, all that lead to `to`. */
export interface CommitRange {
  from: string | null;
  to: string;
}

/** @throws ProviderError `not-found` for text that cannot be a commit. */
export function assertCommits({ from, to }: CommitRange): void {
  const named = [from, to].find(sha => sha !== null && !SHA.test(sha));
  if (named === undefined || named === null) return;
  throw new ProviderError(
    'not-found',
    `${JSON.stringify(named.slice(0, 60))} is not a commit.`,
  );
}

/** @throws ProviderError `bad-data` where a range has more commits than are read. */
export function assertReadable({ from }: CommitRange, commits: number): void {
  if (commits <= MOST_COMMITS) return;
  const what =
    from === null
      ? 'The history of the version'
      : 'The range since the live version';
  throw new ProviderError(
    'bad-data',
    `${what} has more than ${MOST_COMMITS} commits, so their authors are not read. Deploy smaller steps.`,
  );
}

/**
 * Each author once.
 *
 * @param host - the code host, as messages name it.
 * @throws ProviderError `bad-data` where an author hides the address: it is then unknown who that is in
 *   the catalog.
 */
export function authorsOf(
  host: string,
  written: Iterable<{ name: string | null; email: string | null }>,
): CommitAuthor[] {
  const authors = new Map<string, CommitAuthor>();
  for (const { name: given, email: address } of written) {
    const [name, email] = [given ?? '', address ?? ''];
    if (email === '' || HIDDEN.test(email)) {
      throw new ProviderError(
        'bad-data',
        `${name || 'Somebody'} wrote commits with an address that ${host} hides, so it is unknown who that is in the catalog. Commit with the address of the catalog.`,
      );
    }
    authors.set(`${name} ${email}`, { name, email });
  }
  return [...authors.values()];
}
