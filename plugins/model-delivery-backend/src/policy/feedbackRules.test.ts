import type {
  FeedbackRule,
  JudgedSample,
  MonitorState,
} from '@slipway/plugin-model-delivery-common/schema';
import fc from 'fast-check';
import {
  breaking,
  decideFeedback,
  describeBreak,
  type FeedbackFacts,
  recovers,
  ruleKey,
} from './feedbackRules';

const rule = (overrides: Partial<FeedbackRule> = {}): FeedbackRule => ({
  when: { monitor: 'drift', is: 'critical', count: 3, of: 5 },
  then: 'retrain',
  ...overrides,
});
const START = Date.UTC(2026, 0, 1);
const at = (second: number) => new Date(START + second * 1_000).toISOString();
/** `h`ealthy, `w`arning, `c`ritical, `u`navailable, `i`nsufficient; oldest first. */
const samples = (letters: string): JudgedSample[] => {
  const states: Record<string, MonitorState> = {
    h: 'healthy',
    w: 'warning',
    c: 'critical',
    u: 'unavailable',
    i: 'insufficient',
  };
  return [...letters].map((letter, index) => ({
    at: at(index),
    value: null,
    state: states[letter],
  }));
};

describe('breaking', () => {
  it.each([
    ['ccc', true],
    ['hhccc', true],
    ['chchc', true],
    ['cchhh', false],
    ['cchhhc', false],
    ['ccchhhhh', false],
    ['cc', false],
    ['wwwww', false],
    ['cciiic', true],
    ['iiiii', false],
  ])('judges %s by the newest known samples', (letters, breaks) => {
    expect(breaking(rule(), samples(letters)) !== undefined).toBe(breaks);
  });

  it('counts what is worse than the rule names', () => {
    const when = { ...rule().when, is: 'warning' as const };
    expect(breaking(rule({ when }), samples('wcw'))).toHaveLength(3);
  });

  it('counts a server that is down, except for a training', () => {
    expect(breaking(rule(), samples('uuu'))).toBeUndefined();
    expect(breaking(rule({ then: 'rollback' }), samples('uuu'))).toHaveLength(
      3,
    );
  });

  it('is described with what was seen and what is allowed', () => {
    expect(describeBreak(rule(), samples('hcchc'))).toBe(
      'drift was critical in 3 of the last 5 samples; the rule allows fewer than 3 of 5.',
    );
  });

  it('names rules by monitor, state and action', () => {
    expect(ruleKey(rule())).toBe('drift/critical/retrain');
  });
});

describe('recovers', () => {
  it.each([
    ['hhh', true],
    ['cccwhh', true],
    ['hh', false],
    ['hhch', false],
    ['hihih', true],
    ['iii', false],
  ])('takes %s for what it is', (letters, does) => {
    expect(recovers(rule(), samples(letters))).toBe(does);
  });

  it('is never true of samples that break the rule, for any counts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 8 }),
        fc.string({
          unit: fc.constantFrom(...'hwcui'),
          maxLength: 30,
        }),
        (count, more, letters) => {
          // With so many of so few, the same samples can be both only one after the other.
          const of = Math.min(count + more, 2 * count - 1);
          const any = rule({ when: { ...rule().when, count, of } });
          const seen = samples(letters);
          return !(breaking(any, seen) && recovers(any, seen));
        },
      ),
    );
  });
});

describe('decideFeedback', () => {
  const facts = (overrides: Partial<FeedbackFacts> = {}): FeedbackFacts => ({
    now: at(100_000),
    dryRun: false,
    off: null,
    actedAt: null,
    isTraining: false,
    retrainedAt: [],
    retrainsPerDay: 3,
    ...overrides,
  });

  it('acts where nothing speaks against it', () => {
    expect(decideFeedback(rule(), facts())).toEqual({ do: 'act' });
  });

  it('waits for a person where feedback is off, in a dry run too', () => {
    expect(
      decideFeedback(rule(), facts({ off: 'Off by Ada.', dryRun: true })),
    ).toEqual({ do: 'wait', why: 'Off by Ada.', until: null });
  });

  it('only describes in a dry run, of the rule or of all', () => {
    const describes = { do: 'describe' };
    expect(decideFeedback(rule(), facts({ dryRun: true }))).toEqual(describes);
    expect(decideFeedback(rule({ dryRun: true }), facts())).toEqual(describes);
  });

  it.each<[FeedbackRule, number]>([
    [rule(), 3_600],
    [rule({ cooldown: '30m' }), 1_800],
    [rule({ cooldown: '1d', then: 'rollback' }), 86_400],
  ])('cools down, an hour where nothing is said', (any, seconds) => {
    const decide = (second: number) =>
      decideFeedback(any, facts({ actedAt: at(0), now: at(second) }));
    expect(decide(seconds - 1)).toMatchObject({
      do: 'wait',
      until: at(seconds),
    });
    expect(decide(seconds)).toEqual({ do: 'act' });
  });

  it('waits until the budget of the day has room, and only for trainings', () => {
    const spent = facts({
      retrainedAt: [at(50_000), at(30_000), at(40_000)],
      retrainsPerDay: 2,
    });
    expect(decideFeedback(rule(), spent)).toMatchObject({
      do: 'wait',
      why: expect.stringContaining('The budget of 2 trainings a day is spent'),
      until: at(40_000 + 86_400),
    });
    expect(decideFeedback(rule({ then: 'notify' }), spent)).toEqual({
      do: 'act',
    });
  });

  it('trains nothing under a budget of 0', () => {
    expect(decideFeedback(rule(), facts({ retrainsPerDay: 0 }))).toMatchObject({
      do: 'wait',
    });
  });

  it('holds its promises for any course of events', () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 20_000 }),
      ends: fc.boolean(),
      toggles: fc.boolean(),
      dryRun: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 0, max: 4 }),
        (steps, retrainsPerDay) => {
          let second = 0;
          let open = 0;
          let off: string | null = null;
          const retrainedAt: string[] = [];
          for (const { wait, ends, toggles, dryRun } of steps) {
            second += wait;
            if (ends) open = 0;
            if (toggles) off = off === null ? 'Off.' : null;
            const decision = decideFeedback(
              rule(),
              facts({
                now: at(second),
                off,
                dryRun,
                actedAt: retrainedAt.at(-1) ?? null,
                isTraining: open > 0,
                retrainedAt,
                retrainsPerDay,
              }),
            );
            if (decision.do !== 'act') continue;
            if (off !== null || dryRun) return false;
            open += 1;
            retrainedAt.push(at(second));
            // Sorted: of any so many in a row, first and last are more than a day apart.
            const before = retrainedAt.at(-1 - retrainsPerDay);
            const isSpent =
              before !== undefined &&
              Date.parse(retrainedAt.at(-1)!) - Date.parse(before) < 86_400_000;
            if (open > 1 || isSpent) return false;
          }
          return true;
        },
      ),
    );
  });
});
