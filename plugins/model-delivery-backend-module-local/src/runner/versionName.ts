/** The version that follows: the last registered one plus one minor step. */
export function nextVersion(last: string | undefined): string {
  const match = /^(\d+)\.(\d+)\.\d+/.exec(last ?? '');
  return match ? `${match[1]}.${Number(match[2]) + 1}.0` : '0.1.0';
}
