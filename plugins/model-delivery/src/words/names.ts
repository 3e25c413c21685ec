import { parseEntityRef } from '@backstage/catalog-model';

/** `staging` as the title of a card: `Staging`. */
export function titleCase(name: string): string {
  return name.charAt(0).toLocaleUpperCase('en-US') + name.slice(1);
}

/** The first seven of a commit, the two ends of a digest. */
export function shortSha(sha: string): string {
  const hex = sha.replace(/^sha256:/, '');
  return sha.startsWith('sha256:') || hex.length === 64
    ? `${hex.slice(0, 4)}…${hex.slice(-4)}`
    : hex.slice(0, 7);
}

/** Who did it: the name of a person, or what the system calls itself. */
export function personName(by: string): string {
  if (by === 'system') return 'Slipway';
  try {
    return parseEntityRef(by, {
      defaultKind: 'user',
      defaultNamespace: 'default',
    }).name;
  } catch {
    return by;
  }
}

/** The last part of an entity ref, where a row has no room for all of it. */
export function refName(ref: string): string {
  return ref.slice(Math.max(ref.lastIndexOf('/'), ref.lastIndexOf(':')) + 1);
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(words: string[]): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
