import type { Page, PageRequest, ProviderContext } from '../providers/common';
import { freshContext } from './faults';

const MOST_PAGES = 1_000;

/** Reads a whole list in pages of one size. */
export async function readAll<T>(
  list: (page: PageRequest, context: ProviderContext) => Promise<Page<T>>,
  limit: number,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let i = 0; i < MOST_PAGES; i += 1) {
    const page = await list(
      { limit, ...(cursor && { cursor }) },
      freshContext(),
    );
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) return items;
    // A page that is not the last one brings the reader on.
    expect(page.items.length).toBeGreaterThan(0);
  }
  throw new Error(`There is no last page: ${MOST_PAGES} were read`);
}

/** Declares what holds of every list that is read in pages, newest first. */
export function pagingContract<T>(parts: {
  list: (page: PageRequest, context: ProviderContext) => Promise<Page<T>>;
  empty: (page: PageRequest, context: ProviderContext) => Promise<Page<T>>;
  idOf: (item: T) => string;
  timeOf: (item: T) => string;
}): void {
  it('lists the newest first', async () => {
    const times = (await readAll(parts.list, 100)).map(parts.timeOf);
    expect(times.length).toBeGreaterThanOrEqual(3);
    expect(times).toEqual([...times].sort().reverse());
  });

  it.each([1, 2, 100])('gives the same list in pages of %d', async limit => {
    const whole = (await readAll(parts.list, 100)).map(parts.idOf);
    const paged = (await readAll(parts.list, limit)).map(parts.idOf);
    expect(paged).toEqual(whole);
    expect(new Set(paged).size).toBe(paged.length);
  });

  it('answers with nothing where there is nothing', async () => {
    const page = await parts.empty({ limit: 10 }, freshContext());
    expect(page.items).toEqual([]);
    expect(page.nextCursor).toBeUndefined();
  });

  it('refuses a cursor that it did not give', async () => {
    await expect(
      parts.list({ limit: 1, cursor: 'not a cursor; \u0000' }, freshContext()),
    ).rejects.toMatchObject({ name: 'ProviderError' });
  });
}
