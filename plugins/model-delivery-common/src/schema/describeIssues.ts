import type { z } from 'zod';

const MAX_VALUE_LENGTH = 80;

/** One sentence an issue: the field, the value found there and what would be right. */
export function describeIssues(
  root: string,
  error: z.ZodError,
  input: unknown,
): string {
  return error.issues
    .flatMap(issue => deepest(issue))
    .map(({ path, message }) => {
      const value = valueAt(input, path);
      const where = `${root}${path
        .map(p => (typeof p === 'number' ? `[${p}]` : `.${String(p)}`))
        .join('')}`;
      const found =
        value === undefined ? 'is missing' : `is ${abbreviate(value)}`;
      return `${where} ${found}: ${message}`;
    })
    .join('; ');
}

type Issue = { path: PropertyKey[]; message: string };

/** Of a union, the branch that came furthest says most about the mistake. */
function deepest(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) {
    return [{ path: issue.path, message: issue.message }];
  }
  const branches = issue.errors.map(branch => branch.flatMap(deepest));
  const depth = (branch: Issue[]) =>
    Math.max(0, ...branch.map(i => i.path.length));
  const best = Math.max(...branches.map(depth));
  const candidates = branches.filter(branch => depth(branch) === best);
  if (best > 0 && candidates.length === 1) {
    return candidates[0].map(i => ({
      path: [...issue.path, ...i.path],
      message: i.message,
    }));
  }
  return [
    {
      path: issue.path,
      message: `fits none of the forms allowed here (${branches
        .map(branch => branch.map(i => i.message).join(' and '))
        .join(' | ')})`,
    },
  ];
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value === null || typeof value !== 'object'
        ? undefined
        : (value as Record<PropertyKey, unknown>)[key],
    input,
  );
}

function abbreviate(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_VALUE_LENGTH
    ? `${text.slice(0, MAX_VALUE_LENGTH)}…`
    : text;
}
