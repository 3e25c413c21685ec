import type { Interval } from '../database/LiveStore';
import { rollbackTarget } from './rollbackTarget';

const stretch = (
  version: string,
  endedBy: Interval['endedBy'] = 'superseded',
): Interval => ({
  environment: 'production',
  version,
  digest: null,
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-02T00:00:00.000Z',
  by: 'user:default/ada',
  automatic: false,
  reason: null,
  deploymentId: version,
  endedBy,
});
const now = (version: string): Interval => ({
  ...stretch(version, null),
  to: null,
});

describe('rollbackTarget', () => {
  it('goes to the last version that was live before', () => {
    const history = [now('3'), stretch('2'), stretch('1')];
    expect(rollbackTarget(history, undefined)).toEqual({
      version: '2',
      digest: null,
    });
  });

  it('passes over a version that was undone itself', () => {
    const history = [
      now('1'),
      stretch('2', 'rolled-back'),
      stretch('1'),
      stretch('0'),
    ];
    expect(rollbackTarget(history, undefined)).toEqual({
      version: '0',
      digest: null,
    });
  });

  it('chooses the requested version, if it was live before', () => {
    const history = [now('3'), stretch('2'), stretch('1')];
    expect(rollbackTarget(history, '1')).toEqual({
      version: '1',
      digest: null,
    });
    expect(rollbackTarget(history, '9')).toEqual({
      problem: '9 was never live here; deploy it instead',
    });
    expect(rollbackTarget(history, '3')).toEqual({
      problem: '3 is live already',
    });
  });

  it('says so when there is nothing to undo', () => {
    expect(rollbackTarget([], undefined)).toHaveProperty('problem');
    expect(rollbackTarget([now('1')], undefined)).toHaveProperty('problem');
  });
});
