import { Pace } from './Pace';

const START = Date.UTC(2026, 2, 1);
const HOUR_SECONDS = 3_600;

function follow(repositories: number, { webhooks }: { webhooks: boolean }) {
  let now = START;
  const left = { limit: 5_000, remaining: 5_000 };
  const pace = new Pace({
    budget: () => ({
      ...left,
      resetsAt: new Date(START + 3_600_000).toISOString(),
    }),
    allowance: { usual: 5_000, periodSeconds: 3_600, mostAnHour: 30_000 },
    now: () => now,
  });
  if (webhooks) pace.heardOf();
  const look = (counted: number, free = 0, busy = false) => {
    for (let n = 0; n < repositories; n += 1) {
      pace.looked(`github.com/acme/model-${n}`, busy);
      for (let i = 0; i < counted; i += 1) pace.answered(true);
      for (let i = 0; i < free; i += 1) pace.answered(false);
    }
    left.remaining -= repositories * counted;
  };
  const later = (seconds: number) => {
    now += seconds * 1000;
  };
  return { pace, look, later, left };
}

describe('the pace', () => {
  it('is quick for what is under way, and rare for what is quiet', () => {
    const { pace, look } = follow(10, { webhooks: false });
    look(0, 1);
    expect(pace.lookAgainInSeconds('busy')).toBe(20);
    expect(pace.lookAgainInSeconds('quiet')).toBe(300);
  });

  it('leaves it to webhooks where they come, and not where they ceased', () => {
    const { pace, later } = follow(10, { webhooks: true });
    expect(pace.lookAgainInSeconds('quiet')).toBe(1_800);
    later(3 * HOUR_SECONDS);
    expect(pace.lookAgainInSeconds('quiet')).toBe(300);
  });

  it.each([1_000, 5_000])(
    'stretches so that the looks at %d repositories fit into the hour',
    repositories => {
      const { pace, look } = follow(repositories, { webhooks: false });
      look(1);
      const every = pace.lookAgainInSeconds('quiet');
      expect((repositories * HOUR_SECONDS) / every).toBeLessThanOrEqual(5_000);
      expect(every).toBeLessThanOrEqual(3_600);
    },
  );

  it('minds the sheer number of looks that cost nothing', () => {
    const { pace, look } = follow(5_000, { webhooks: false });
    look(0, 1);
    const every = pace.lookAgainInSeconds('quiet');
    expect((5_000 * HOUR_SECONDS) / every).toBeLessThanOrEqual(30_000);
  });

  it('holds webhooks back while more is spent than is left, and lets go again', () => {
    const { pace, look, later } = follow(100, { webhooks: true });
    expect(pace.spacingSeconds()).toBe(15);
    for (let minute = 0; minute < 10; minute += 1) {
      look(3);
      for (let i = 0; i < 6; i += 1) {
        later(10);
        pace.spacingSeconds();
      }
    }
    const held = pace.spacingSeconds();
    expect(held).toBeGreaterThan(60);
    expect(held).toBeLessThanOrEqual(900);
    for (let i = 0; i < 300; i += 1) {
      later(10);
      pace.spacingSeconds();
    }
    expect(pace.spacingSeconds()).toBeLessThan(held / 4);
  });

  it('counts a limit of a minute sixty times an hour', () => {
    const pace = new Pace({
      budget: () => null,
      allowance: { usual: 100, periodSeconds: 60, mostAnHour: 60_000 },
      now: () => START,
    });
    for (let n = 0; n < 1_000; n += 1) {
      pace.looked(`gitlab.com/acme/model-${n}`, false);
      for (let i = 0; i < 3; i += 1) pace.answered(true);
    }
    const every = pace.lookAgainInSeconds('quiet');
    const asked = (3 * 1_000 * HOUR_SECONDS) / every;
    expect(asked).toBeGreaterThan(3_000);
    expect(asked).toBeLessThanOrEqual(6_000);
  });
});
