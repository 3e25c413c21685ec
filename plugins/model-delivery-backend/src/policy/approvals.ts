import type {
  EnvironmentSpec,
  GateWait,
} from '@slipway/plugin-model-delivery-common/schema';
import { secondsOf } from './duration';

export type ApprovalRule = NonNullable<EnvironmentSpec['approvals']>;

/** How long a request waits for its approvals where the entity says nothing. */
const EXPIRES_AFTER = '7d';

/** Entity refs of those who are asked, in full and in lower case. */
export function reviewersOf(rule: ApprovalRule | undefined): string[] {
  return (rule?.from ?? []).map(fullRef);
}

/** When a request is cancelled unless it is approved; null where nobody is asked. */
export function expiryOf(
  rule: ApprovalRule | undefined,
  requestedAt: string,
): string | null {
  if (!rule) return null;
  const afterMs = secondsOf(rule.expiresAfter ?? EXPIRES_AFTER) * 1000;
  return new Date(Date.parse(requestedAt) + afterMs).toISOString();
}

/** What an environment's approvals still wait for, from how many count. */
export function approvalsWait(
  rule: ApprovalRule | undefined,
  counted: number,
): GateWait[] {
  if (!rule || counted >= rule.required) return [];
  const { required } = rule;
  const of = reviewersOf(rule).map(nameOf).join(' or ');
  const message =
    required === 1
      ? `Waits for an approval of ${of}.`
      : `Waits for ${required} approvals of ${of}; ${counted} of ${required} given.`;
  return [{ kind: 'approvals', message, until: null }];
}

/** What is known of a person who wants to decide. */
export interface Decider {
  by: string;
  /** Entity refs that the person owns things as: the person and the person's groups. */
  ownership: string[];
  /** E-mail address in the catalog, in lower case; null where it has none. */
  email: string | null;
}

/** What the decision is about. */
export interface Asked {
  requestedBy: string;
  rule: ApprovalRule;
  /** Who wrote the commits since the live version; null where the rule does not ask. */
  authors: { emails: string[] | null; problem: string | null } | null;
}

/** @returns why a person's approval does not count, or undefined where it does. */
export function approverProblem(
  person: Decider,
  asked: Asked,
): string | undefined {
  const problem = reviewerProblem(person, asked);
  if (problem || !asked.rule.notByAuthors) return problem;
  const { authors } = asked;
  if (!authors) {
    return 'It is not known yet who wrote the commits since the live version. Try again in a moment.';
  }
  if (!authors.emails) {
    return `It is unknown who wrote the commits since the live version, so no approval counts: ${authors.problem}`;
  }
  if (person.email === null) {
    return `${nameOf(person.by)} has no e-mail address in the catalog, so it is unknown whether this person wrote the commits since the live version. Add spec.profile.email to the User entity.`;
  }
  const isSoleAuthor =
    authors.emails.length > 0 &&
    authors.emails.every(email => email === person.email);
  return isSoleAuthor
    ? `${nameOf(person.by)} alone wrote the commits since the live version, and this environment counts no approval of their author (notByAuthors).`
    : undefined;
}

/** @returns why a person can neither approve nor reject, or undefined where the person can. */
export function reviewerProblem(
  person: Decider,
  { requestedBy, rule }: Asked,
): string | undefined {
  const asked = reviewersOf(rule);
  if (person.by === requestedBy) {
    return `${nameOf(person.by)} requested this deployment, and nobody decides on a request of their own. Cancel it to withdraw it.`;
  }
  return person.ownership.some(ref => asked.includes(fullRef(ref)))
    ? undefined
    : `${nameOf(person.by)} belongs to none of the groups that are asked: ${asked.map(nameOf).join(', ')}.`;
}

/** `ml-reviewers` is a group of the default namespace. */
function fullRef(ref: string): string {
  const lower = ref.toLocaleLowerCase('en-US');
  const [kind, rest] = lower.includes(':')
    ? lower.split(':', 2)
    : ['group', lower];
  return `${kind}:${rest.includes('/') ? rest : `default/${rest}`}`;
}

function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}
