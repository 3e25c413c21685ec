import type {
  Evidence,
  EvidenceOrigin,
} from '@slipway/plugin-model-delivery-common/schema';
import { evaluation, gateInput, performance } from './__testUtils__/gateInput';
import { evaluateGates } from './gates';

const commit = 'c'.repeat(40);
const digest = `sha256:${'2'.repeat(64)}`;
const origin: EvidenceOrigin = { commit, dirty: false, artifactDigest: digest };

const judged = (
  evidence: Evidence[],
  version: { commit?: string | null; digest?: string | null } = {},
) => {
  const given = gateInput({ gates: [{ provenance: 'required' }], evidence });
  Object.assign(given.version, version);
  return evaluateGates(given).gates[0];
};

describe('the provenance of a version', () => {
  it('passes where a report of the clean commit is about its artifact', () => {
    expect(judged([evaluation({ origin })])).toEqual({
      id: '0-provenance',
      title: 'Built from a clean commit',
      outcome: 'pass',
      reason:
        'Built from ccccccc without other changes; the evaluation report is about 2222222.',
      observed: `${commit} ${digest}`,
      observedAt: '2025-12-31T12:00:00.000Z',
      source: 'evaluation report',
      runId: 'run-3',
      remedy: 'none',
    });
  });

  it('joins reports of which one names the commit and another the artifact', () => {
    expect(
      judged([
        evaluation({ origin: { ...origin, artifactDigest: null } }),
        performance({ origin: { ...origin, dirty: null } }),
      ]),
    ).toMatchObject({ outcome: 'pass', source: 'performance report' });
  });

  it.each([
    [
      { dirty: true },
      'The performance report was made from a checkout with uncommitted changes.',
    ],
    [
      { commit: 'd'.repeat(40) },
      'The performance report was made from ddddddd, and the version from ccccccc.',
    ],
    [
      { artifactDigest: `sha256:${'3'.repeat(64)}` },
      'The performance report is about 3333333, and the version is 2222222.',
    ],
  ])('fails for a report with %j', (wrong, reason) => {
    expect(
      judged([
        evaluation({ origin }),
        performance({ origin: { ...origin, ...wrong } }),
      ]),
    ).toMatchObject({ outcome: 'fail', reason, source: 'performance report' });
  });

  it('is unknown where no report tells', () => {
    expect(judged([evaluation()])).toMatchObject({
      outcome: 'unknown',
      reason: 'No report names the artifact 2222222 of 0.2.0.',
      remedy: 'rerun',
      source: 'registry local',
    });
    const silent = { commit: null, dirty: null, artifactDigest: digest };
    expect(judged([evaluation({ origin: silent })])).toMatchObject({
      outcome: 'unknown',
      reason:
        'No report says whether the checkout of ccccccc had uncommitted changes.',
      remedy: 'rerun',
    });
  });

  it('is unknown where the registry has no commit or digest', () => {
    expect(judged([evaluation({ origin })], { commit: null })).toMatchObject({
      outcome: 'unknown',
      reason: 'The registry has no commit of 0.2.0.',
      observed: digest,
    });
    expect(judged([evaluation({ origin })], { digest: null })).toMatchObject({
      outcome: 'unknown',
      reason: 'The registry has no digest of 0.2.0.',
      observed: commit,
    });
    expect(judged([], { commit: null, digest: null }).observed).toBe('none');
  });
});
