import type { PendingDeployments } from '../answers/runs';

/** For whom or what a run waits. */
export interface Waiting {
  kind: 'person' | 'rule';
  /** Names the environments and who may let it go on. */
  sentence: string;
}

export function tellWaiting(pending: PendingDeployments): Waiting {
  const [first, ...others] = pending;
  if (!first) {
    return {
      kind: 'rule',
      sentence: 'It waits for a rule of its environment.',
    };
  }
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
    return {
      kind: 'person',
      sentence: `${name} wants a review on GitHub by ${anyOf(who)}.${also}`,
    };
  }
  return {
    kind: 'rule',
    sentence: first.wait_timer
      ? `${name} waits ${first.wait_timer} min before each deployment.${also}`
      : `${name} waits for its rules on GitHub.${also}`,
  };
}

function anyOf(names: string[]): string {
  return names.length === 1
    ? names[0]
    : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
