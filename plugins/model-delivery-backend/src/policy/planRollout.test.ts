import { rolloutStrategy } from '@slipway/plugin-model-delivery-common/schema';
import { secondsOf } from './duration';
import { planRollout } from './planRollout';

const step = {
  mirror: false,
  startedAt: null,
  finishedAt: null,
  analysis: null,
  continuedBy: null,
};

describe('the plan of a roll-out', () => {
  it('has each canary weight, and at last all traffic', () => {
    const strategy = rolloutStrategy.parse({
      canary: [10, 50],
      interval: '2m',
      minRequests: 30,
      maxErrorRate: 0.02,
      maxP95Ratio: 1.5,
    });
    expect(planRollout(strategy)).toEqual({
      steps: [
        { ...step, weight: 10, seconds: 120, minRequests: 30 },
        { ...step, weight: 50, seconds: 120, minRequests: 30 },
        { ...step, weight: 100, seconds: 0, minRequests: 0 },
      ],
      current: 0,
      limits: {
        maxErrorRate: 0.02,
        maxP95Ratio: 1.5,
        maxMixDistance: null,
        minAgreement: null,
      },
      sticky: null,
      paused: null,
    });
  });

  it('begins with the shadow, which takes no traffic', () => {
    const strategy = rolloutStrategy.parse({
      canary: [],
      maxMixDistance: 0.2,
      shadow: { duration: '1h', minRequests: 5, minAgreement: 0.9 },
    });
    expect(planRollout(strategy)).toMatchObject({
      steps: [
        { ...step, weight: 0, mirror: true, seconds: 3_600, minRequests: 5 },
        { ...step, weight: 100, seconds: 0, minRequests: 0 },
      ],
      limits: { maxMixDistance: 0.2, minAgreement: 0.9 },
    });
  });
});

describe('a duration', () => {
  it.each([
    ['90s', 90],
    ['30m', 1_800],
    ['2h', 7_200],
    ['7d', 604_800],
  ])('of %s has %d seconds', (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds);
  });
});
