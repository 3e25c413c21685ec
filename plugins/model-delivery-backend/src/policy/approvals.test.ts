import {
  type ApprovalRule,
  approvalsWait,
  approverProblem,
  type Asked,
  type Decider,
  expiryOf,
  reviewerProblem,
  reviewersOf,
} from './approvals';

const rule: ApprovalRule = { required: 2, from: ['ml-reviewers', 'user:Mei'] };
const asked: Asked = {
  requestedBy: 'user:default/ada',
  rule,
  authors: null,
};
const jonas: Decider = {
  by: 'user:default/jonas',
  ownership: ['user:default/jonas', 'group:default/ml-reviewers'],
  email: 'jonas@acme.example',
};
const withAuthors = (
  emails: string[] | null,
  problem: string | null = null,
): Asked => ({
  ...asked,
  rule: { ...rule, notByAuthors: true },
  authors: { emails, problem },
});

describe('who is asked', () => {
  it('is named by full references in lower case; a group where no kind is given', () => {
    expect(reviewersOf(rule)).toEqual([
      'group:default/ml-reviewers',
      'user:default/mei',
    ]);
    expect(reviewersOf(undefined)).toEqual([]);
  });

  it('is waited for until as many approvals as required count', () => {
    expect(approvalsWait(undefined, 0)).toEqual([]);
    expect(approvalsWait(rule, 1)).toEqual([
      {
        kind: 'approvals',
        message: 'Waits for 2 approvals of ml-reviewers or mei; 1 of 2 given.',
        until: null,
      },
    ]);
    expect(approvalsWait(rule, 2)).toEqual([]);
    expect(approvalsWait({ ...rule, required: 1 }, 0)[0].message).toBe(
      'Waits for an approval of ml-reviewers or mei.',
    );
  });

  it('has 7 days where the entity says nothing', () => {
    const at = '2026-01-01T00:00:00.000Z';
    expect(expiryOf(rule, at)).toBe('2026-01-08T00:00:00.000Z');
    expect(expiryOf({ ...rule, expiresAfter: '2h' }, at)).toBe(
      '2026-01-01T02:00:00.000Z',
    );
    expect(expiryOf(undefined, at)).toBeNull();
  });
});

describe('who may decide', () => {
  it('is a member of a group that is asked, or a person who is', () => {
    expect(reviewerProblem(jonas, asked)).toBeUndefined();
    expect(approverProblem(jonas, asked)).toBeUndefined();
    const mei = { ...jonas, by: 'user:default/mei' };
    expect(
      reviewerProblem({ ...mei, ownership: ['user:default/mei'] }, asked),
    ).toBeUndefined();
    expect(
      reviewerProblem({ ...jonas, ownership: ['group:default/x'] }, asked),
    ).toBe(
      'jonas belongs to none of the groups that are asked: ml-reviewers, mei.',
    );
  });

  it('is never the requester', () => {
    const own = { ...asked, requestedBy: jonas.by };
    expect(reviewerProblem(jonas, own)).toMatch(/request of their own/);
    expect(approverProblem(jonas, own)).toMatch(/request of their own/);
  });

  it('is not who alone wrote the commits, where the rule says so', () => {
    const own = withAuthors(['jonas@acme.example']);
    expect(approverProblem(jonas, own)).toMatch(/^jonas alone wrote/);
    expect(reviewerProblem(jonas, own)).toBeUndefined();
    expect(
      approverProblem(jonas, withAuthors(['jonas@acme.example', 'a@b.c'])),
    ).toBeUndefined();
    expect(approverProblem(jonas, withAuthors(['a@b.c']))).toBeUndefined();
    expect(approverProblem(jonas, withAuthors([]))).toBeUndefined();
  });

  it('is nobody while the authors are unknown, with the reason', () => {
    expect(approverProblem(jonas, withAuthors(null, 'Git is away.'))).toMatch(
      /no approval counts: Git is away\.$/,
    );
    expect(
      approverProblem(jonas, { ...withAuthors([]), authors: null }),
    ).toMatch(/^It is not known yet/);
    expect(
      approverProblem({ ...jonas, email: null }, withAuthors(['a@b.c'])),
    ).toMatch(/^jonas has no e-mail address in the catalog/);
  });
});
