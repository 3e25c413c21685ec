import { Budgets } from './Budgets';

const START = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const left = (remaining: number) => ({
  limit: 5_000,
  remaining,
  resetsAtMs: START + HOUR_MS,
});

describe('the budget', () => {
  it('is each credential’s own, and tells the scarcest', () => {
    const budgets = new Budgets('GitHub', () => START, 'hour');
    budgets.learn('acme', left(400));
    budgets.learn('beta', left(4_000));
    expect(() => budgets.spend('acme')).toThrow(
      /400 of 5000 requests left this hour/,
    );
    expect(() => budgets.spend('beta')).not.toThrow();
    expect(budgets.scarcest).toMatchObject({ remaining: 400 });
  });

  it('is new after the hour', () => {
    let now = START;
    const budgets = new Budgets('GitHub', () => now, 'hour');
    budgets.learn('acme', left(0));
    expect(() => budgets.spend('acme')).toThrow();
    now += HOUR_MS;
    expect(() => budgets.spend('acme')).not.toThrow();
    expect(budgets.scarcest).toBeNull();
  });

  it('of a minute is new after a minute, whatever the clock of the system says', () => {
    let now = START;
    const budgets = new Budgets('GitLab', () => now, 'minute');
    budgets.learn('acme', left(0));
    expect(() => budgets.spend('acme')).toThrow(/this minute/);
    now += 60_000;
    expect(() => budgets.spend('acme')).not.toThrow();
  });

  it('is not known where an answer does not tell it', () => {
    const budgets = new Budgets('GitLab', () => START, 'minute');
    budgets.learn('acme', { ...left(0), limit: NaN });
    expect(budgets.scarcest).toBeNull();
    expect(() => budgets.spend('acme')).not.toThrow();
  });

  it('counts what is under way before its answer is there', () => {
    const budgets = new Budgets('GitHub', () => START, 'hour');
    budgets.learn('acme', left(503));
    for (let i = 0; i < 3; i += 1) budgets.spend('acme');
    expect(() => budgets.spend('acme')).toThrow();
  });
});
