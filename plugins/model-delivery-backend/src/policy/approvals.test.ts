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

const rule = (overrides: Partial<ApprovalRule> = {}): ApprovalRule => ({
  required: 1,
  from: ['ml-reviewers', 'group:Default/ML-Leads', 'user:grace'],
  ...overrides,
});
const person = (overrides: Partial<Decider> = {}): Decider => ({
  by: 'user:default/grace',
  ownership: ['user:default/grace', 'group:default/ml-reviewers'],
  email: 'grace@example.com',
  ...overrides,
});
const asked = (overrides: Partial<Asked> = {}): Asked => ({
  requestedBy: 'user:default/ada',
  rule: rule(),
  authors: null,
  ...overrides,
});

describe('who is asked for an approval', () => {
  it('is named in full and in lower case, and is a group where no kind is given', () => {
    expect(reviewersOf(rule())).toEqual([
      'group:default/ml-reviewers',
      'group:default/ml-leads',
      'user:default/grace',
    ]);
    expect(reviewersOf(undefined)).toEqual([]);
    expect(reviewersOf(rule({ from: ['group:research/Leads'] }))).toEqual([
      'group:research/leads',
    ]);
  });
});

describe('the end of a request', () => {
  const at = '2026-01-01T00:00:00.000Z';

  it('comes after a week, or after the time that the entity names', () => {
    expect(expiryOf(rule(), at)).toBe('2026-01-08T00:00:00.000Z');
    expect(expiryOf(rule({ expiresAfter: '2h' }), at)).toBe(
      '2026-01-01T02:00:00.000Z',
    );
    expect(expiryOf(undefined, at)).toBeNull();
  });
});

describe('what a request still waits for', () => {
  it('is one approval of any of those who are asked', () => {
    expect(approvalsWait(rule(), 0)).toEqual([
      {
        kind: 'approvals',
        message: 'Waits for an approval of ml-reviewers or ml-leads or grace.',
        until: null,
      },
    ]);
  });

  it('counts several', () => {
    const two = rule({ required: 2, from: ['leads'] });
    expect(approvalsWait(two, 1)[0].message).toBe(
      'Waits for 2 approvals of leads; 1 of 2 given.',
    );
    expect(approvalsWait(two, 2)).toEqual([]);
    expect(approvalsWait(two, 3)).toEqual([]);
  });

  it('is nothing where nobody is asked', () => {
    expect(approvalsWait(undefined, 0)).toEqual([]);
  });
});

describe('who may decide', () => {
  it('is a member of a group that is asked, but for the requester', () => {
    expect(reviewerProblem(person(), asked())).toBeUndefined();
    expect(
      reviewerProblem(
        person({ ownership: ['group:default/ML-Leads'] }),
        asked(),
      ),
    ).toBeUndefined();
    expect(
      reviewerProblem(person(), asked({ requestedBy: 'user:default/grace' })),
    ).toBe(
      'grace requested this deployment, and nobody decides on a request of their own. Cancel it to withdraw it.',
    );
    expect(
      reviewerProblem(person({ ownership: ['group:default/web'] }), asked()),
    ).toBe(
      'grace belongs to none of the groups that are asked: ml-reviewers, ml-leads, grace.',
    );
  });

  it('needs no authors where the rule does not ask for them', () => {
    expect(approverProblem(person(), asked())).toBeUndefined();
    expect(approverProblem(person({ ownership: [] }), asked())).toContain(
      'belongs to none',
    );
  });

  describe('where authors do not count', () => {
    const byAuthors = (authors: Asked['authors'], who = person()) =>
      approverProblem(
        who,
        asked({ rule: rule({ notByAuthors: true }), authors }),
      );

    it('is not the person who alone wrote the commits', () => {
      const emails = ['grace@example.com', 'grace@example.com'];
      expect(byAuthors({ emails, problem: null })).toBe(
        'grace alone wrote the commits since the live version, and this environment counts no approval of their author (notByAuthors).',
      );
      expect(
        byAuthors({ emails: [...emails, 'ada@example.com'], problem: null }),
      ).toBeUndefined();
      expect(byAuthors({ emails: [], problem: null })).toBeUndefined();
    });

    it('is nobody while the authors are not known', () => {
      expect(byAuthors(null)).toBe(
        'It is not known yet who wrote the commits since the live version. Try again in a moment.',
      );
      expect(byAuthors({ emails: null, problem: 'Git is away.' })).toBe(
        'It is unknown who wrote the commits since the live version, so no approval counts: Git is away.',
      );
    });

    it('is nobody without an address to compare', () => {
      const emails = ['ada@example.com'];
      expect(
        byAuthors({ emails, problem: null }, person({ email: null })),
      ).toBe(
        'grace has no e-mail address in the catalog, so it is unknown whether this person wrote the commits since the live version. Add spec.profile.email to the User entity.',
      );
    });

    it('is still nobody outside of the groups', () => {
      expect(
        byAuthors(
          { emails: ['ada@example.com'], problem: null },
          person({ ownership: [] }),
        ),
      ).toContain('belongs to none');
    });
  });
});
