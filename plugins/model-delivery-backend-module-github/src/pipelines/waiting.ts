import type { PendingDeployments } from '../answers/runs';

/** For whom a run waits, in a sentence that names the environments and who may let it go on. */
export function tellWaiting(pending: PendingDeployments): string {
  const [first, ...others] = pending;
  if (!first) return 'It waits for a rule of its environment.';
  const name = first.environment.name ?? 'its environment';
  const who = first.reviewers.flatMap(({ type, reviewer }) => {
    if (!reviewer) return [];
    const named = reviewer.login ?? reviewer.slug ?? reviewer.name;
    return named ? [type === 'Team' ? `the team ${named}` : named] : [];
  });
  const more = others
    .map(other => other.environment.name)
    .filter(Boolean)
    .join(', ');
  const also = more ? ` It waits for ${more} as well.` : '';
  if (who.length > 0) {
    return `${name} wants a review on GitHub by ${anyOf(who)}.${also}`;
  }
  return first.wait_timer
    ? `${name} waits ${first.wait_timer} min before each deployment.${also}`
    : `${name} waits for its rules on GitHub.${also}`;
}

function anyOf(names: string[]): string {
  return names.length === 1
    ? names[0]
    : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
