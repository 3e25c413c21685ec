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
    return [{ path: issue.path, message: sentenceOf(issue) }];
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

const TYPES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

export const DATE_TIME_SENTENCE =
  'must be a date and time in UTC, such as 2026-01-31T12:00:00Z';

const FORMATS: Record<string, string> = {
  datetime: DATE_TIME_SENTENCE,
  url: 'must be an address, such as https://example.com',
  email: 'must be an e-mail address',
};

/** What the schema itself says, where it says something; the library's own words reach nobody. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  const isOwn = !/^(Invalid|Too small|Too big|Unrecognized)/.test(
    issue.message,
  );
  if (isOwn) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return sizeOf('at least', issue.origin, Number(issue.minimum));
    case 'too_big':
      return sizeOf('at most', issue.origin, Number(issue.maximum));
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values
        .map(String)
        .join(', ')}`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'has a form that is not allowed';
    case 'unrecognized_keys':
      return `has keys that are not known: ${issue.keys.join(', ')}`;
    default:
      return 'is not allowed';
  }
}

function sizeOf(word: string, origin: string, limit: number): string {
  if (origin === 'string') {
    return word === 'at least' && limit === 1
      ? 'must not be empty'
      : `must have ${word} ${limit} characters`;
  }
  if (origin === 'array' || origin === 'set') {
    return word === 'at least' && limit === 1
      ? 'must have an item'
      : `must have ${word} ${limit} items`;
  }
  return `must be ${word} ${limit}`;
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
