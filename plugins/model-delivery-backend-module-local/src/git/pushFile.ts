/** One ref that a push moved. */
export interface PushedRef {
  ref: string;
  commit: string;
}

export interface Push {
  repository: string;
  refs: PushedRef[];
  /** `low`: whatever a person starts goes first. */
  priority: 'normal' | 'low';
}

const COMMIT = /^[0-9a-f]{40}$|^[0-9a-f]{64}$/;
const DELETED = /^0+$/;

/**
 * Reads what the hook wrote. Deleted refs and tags start nothing and are left out.
 *
 * @returns undefined for a file that is not one of the hook's.
 */
export function parsePushFile(text: string): Push | undefined {
  const push: Push = { repository: '', refs: [], priority: 'normal' };
  for (const line of text.split('\n')) {
    const [word, ...rest] = line.split(' ');
    if (word === 'repository') {
      push.repository = rest.join(' ');
      // What follows was there before the hook knew which refs the push moved.
      break;
    } else if (word === 'option') {
      if (rest.join(' ') === 'slipway.priority=low') push.priority = 'low';
    } else if (word === 'ref') {
      const [, commit, ref] = rest;
      if (
        commit &&
        ref &&
        COMMIT.test(commit) &&
        !DELETED.test(commit) &&
        !ref.startsWith('refs/tags/') &&
        !ref.startsWith('refs/notes/')
      ) {
        push.refs.push({ ref, commit });
      }
    }
  }
  return push.repository ? push : undefined;
}

export function formatPushFile(push: Push): string {
  const zero = '0'.repeat(40);
  return [
    ...push.refs.map(({ ref, commit }) => `ref ${zero} ${commit} ${ref}`),
    ...(push.priority === 'low' ? ['option slipway.priority=low'] : []),
    `repository ${push.repository}`,
    '',
  ].join('\n');
}
