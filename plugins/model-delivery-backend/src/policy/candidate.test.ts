import type { EnvironmentSpec } from '@slipway/plugin-model-delivery-common/schema';
import { candidateFor, mayDeployWithoutApproval } from './candidate';

const environment = (name: string, after?: string): EnvironmentSpec => ({
  name,
  after,
  deploy: 'manual',
  target: { provider: 'local' },
  gates: [],
});
const staging = environment('staging');
const production = environment('production', 'staging');
const v = (n: number) => ({
  version: `0.${n}.0`,
  createdAt: `2026-01-0${n}T00:00:00.000Z`,
});

describe('candidateFor', () => {
  it('is the newest version where no other environment comes before', () => {
    expect(candidateFor(staging, new Map(), v(3))?.version).toBe('0.3.0');
    expect(candidateFor(staging, new Map(), undefined)).toBeNull();
  });

  it('is what is live in the environment before', () => {
    const live = new Map([
      ['staging', v(2)],
      ['production', v(1)],
    ]);
    expect(candidateFor(production, live, v(3))?.version).toBe('0.2.0');
  });

  it('is never what is live already, nor anything older', () => {
    const same = new Map([
      ['staging', v(2)],
      ['production', v(2)],
    ]);
    expect(candidateFor(production, same, v(3))).toBeNull();
    const older = new Map([
      ['staging', v(1)],
      ['production', v(2)],
    ]);
    expect(candidateFor(production, older, v(3))).toBeNull();
  });
});

describe('mayDeployWithoutApproval', () => {
  it('goes on where a person decides later, and not in the last environment', () => {
    const all = [staging, production];
    expect(mayDeployWithoutApproval(staging, all)).toBe(true);
    expect(mayDeployWithoutApproval(production, all)).toBe(false);
  });
});
