/** A sentence names at most this many items. */
const MAX_NAMED = 5;

/** Items of a sentence: the first ones, and how many more there are. */
export function listed(items: string[]): string {
  const named = items.slice(0, MAX_NAMED).join(', ');
  const more = items.length - MAX_NAMED;
  return more > 0 ? `${named} and ${more} more` : named;
}
