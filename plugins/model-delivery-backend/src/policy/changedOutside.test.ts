import { changedOutside, type StateRead } from './changedOutside';

const digest = (n: number) => `sha256:${String(n).repeat(64)}`;
const live = {
  version: '1.0.0',
  digest: digest(1),
  from: '2026-01-01T12:00:00.000Z',
};
const served = (
  overrides: Partial<NonNullable<StateRead['live']>> = {},
  readAt = '2026-01-01T12:05:00.000Z',
): StateRead => ({
  live: {
    version: '1.0.0',
    digest: digest(1),
    deploymentId: null,
    ...overrides,
  },
  status: 'ready',
  message: null,
  endpoint: null,
  readAt,
});

describe('changedOutside', () => {
  it('says nothing while what is served is what was deployed', () => {
    expect(changedOutside(live, served(), false)).toBeNull();
    expect(
      changedOutside(live, served({ version: 'v1.0.0' }), false),
    ).toBeNull();
  });

  it('names what is served instead, and by whom where the provider knows', () => {
    const other = { version: '0.9.0', digest: digest(2), by: 'ada' };
    expect(changedOutside(live, served(other), false)).toEqual({
      version: '0.9.0',
      digest: digest(2),
      by: 'ada',
      sentence:
        '0.9.0 is served here, and 1.0.0 was deployed through Slipway: it was changed outside by ada.',
    });
  });

  it('tells other bytes under the same name', () => {
    expect(
      changedOutside(live, served({ digest: digest(2) }), false),
    ).not.toBeNull();
  });

  it('compares names where a digest is not known', () => {
    expect(changedOutside(live, served({ digest: null }), false)).toBeNull();
    expect(
      changedOutside(live, served({ digest: null, version: '2' }), false),
    ).not.toBeNull();
  });

  it('waits for the end of a deployment, and for a state that is newer than it', () => {
    const other = { version: '0.9.0', digest: digest(2) };
    expect(changedOutside(live, served(other), true)).toBeNull();
    expect(changedOutside(live, served(other, live.from), false)).toBeNull();
    expect(changedOutside(live, undefined, false)).toBeNull();
    expect(changedOutside(live, { ...served(), live: null }, false)).toBeNull();
  });

  it('finds a version where nothing was deployed, unless another model deployed it', () => {
    expect(changedOutside(undefined, served(), false)?.sentence).toBe(
      '1.0.0 is served here and was deployed outside Slipway.',
    );
    expect(
      changedOutside(undefined, served({ deploymentId: 'd-1' }), false),
    ).toBeNull();
  });
});
