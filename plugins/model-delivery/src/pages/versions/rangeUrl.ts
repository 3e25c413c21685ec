const COMMIT = /^[0-9a-f]{7,64}$/i;

/**
 * The page of what lies between two commits, as the code host has it; null where that is not told
 * or the address is not a page.
 */
export function rangeUrl(
  compareUrl: string | null | undefined,
  from: string,
  to: string,
): string | null {
  const known = /^https?:\/\//i.test(compareUrl ?? '');
  if (!compareUrl || !known || !COMMIT.test(from) || !COMMIT.test(to)) {
    return null;
  }
  return compareUrl.replace('{from}', from).replace('{to}', to);
}
