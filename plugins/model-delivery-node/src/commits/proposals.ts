/** The branch on which a file is proposed: one for each path, so that a proposal is brought up to date. */
export function proposalBranchOf(path: string): string {
  const slug = path
    .toLocaleLowerCase('en-US')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100);
  return `slipway/${slug}`;
}

/** What the proposal says to the people who review it. */
export function proposalBodyOf({ body, by }: { body: string; by: string }) {
  return `${body}\n\nProposed from Backstage by ${by}.`;
}
