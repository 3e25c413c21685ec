import type { ProviderChange } from '../extensions';
import { Hints } from './Hints';

const SUBJECT = 'github.com/acme/penguins';

function hints() {
  let now = 1_000_000;
  const reported: ProviderChange[] = [];
  const later: { at: number; act: () => void }[] = [];
  const all = new Hints({
    provider: 'github',
    report: change => reported.push(change),
    spacingSeconds: () => 15,
    now: () => now,
    later: (ms, act) => {
      const entry = { at: now + ms, act };
      later.push(entry);
      return () => later.splice(later.indexOf(entry), 1);
    },
  });
  const pass = (seconds: number) => {
    now += seconds * 1000;
    for (const due of later.filter(({ at }) => at <= now)) {
      later.splice(later.indexOf(due), 1);
      due.act();
    }
  };
  const take = (urgent = false, what: 'runs' | 'deployments' = 'runs') =>
    all.take({ subject: SUBJECT, what, urgent });
  return { all, take, pass, reported };
}

describe('hints', () => {
  it('go at once, and those that follow closely become one', () => {
    const { take, pass, reported } = hints();
    take();
    expect(reported).toEqual([
      { provider: 'github', model: null, subject: SUBJECT, what: 'runs' },
    ]);
    for (let i = 0; i < 20; i += 1) take();
    expect(reported).toHaveLength(1);
    pass(15);
    expect(reported).toHaveLength(2);
    pass(60);
    expect(reported).toHaveLength(2);
  });

  it('of an end are not held back, and take those with them that are', () => {
    const { take, pass, reported } = hints();
    take();
    take();
    take(true);
    expect(reported).toHaveLength(2);
    pass(60);
    expect(reported).toHaveLength(2);
  });

  it('of runs and of deployments do not hold one another back', () => {
    const { take, reported } = hints();
    take(false, 'runs');
    take(false, 'deployments');
    expect(reported.map(({ what }) => what)).toEqual(['runs', 'deployments']);
  });

  it('that are held are dropped when it stops', () => {
    const { all, take, pass, reported } = hints();
    take();
    take();
    all.stop();
    pass(60);
    expect(reported).toHaveLength(1);
  });
});
