import { evaluation, gateInput } from './__testUtils__/gateInput';
import { changesAt } from './changesAt';
import { evaluateGates } from './gates';

const at = (now: string, evidence = [evaluation()]) =>
  gateInput({
    gates: [{ maxAge: '7d' }, { modelCard: 'required' }],
    evidence,
    now,
  });

describe('the age of an evaluation', () => {
  it('passes up to its limit', () => {
    expect(evaluateGates(at('2026-01-07T12:00:00.000Z')).gates[0]).toEqual({
      id: '0-max-age',
      title: 'Evaluated within 7d',
      outcome: 'pass',
      reason: 'It was evaluated 7 d ago ≤ 7d',
      observed: '2025-12-31T12:00:00.000Z',
      observedAt: '2025-12-31T12:00:00.000Z',
      source: 'evaluation report',
      runId: 'run-3',
      remedy: 'none',
    });
  });

  it('is unknown beyond it, and names the remedy', () => {
    expect(
      evaluateGates(at('2026-01-07T12:00:00.001Z')).gates[0],
    ).toMatchObject({
      outcome: 'unknown',
      reason: 'It was evaluated 7 d ago > 7d. Compare again.',
      remedy: 'reevaluate',
    });
    expect(
      evaluateGates(at('2026-01-01T00:00:00.000Z', [])).gates[0],
    ).toMatchObject({
      outcome: 'unknown',
      reason: 'No evaluation is known.',
      remedy: 'rerun',
      observed: null,
    });
  });

  it('tells a span in its biggest unit, also where a clock went back', () => {
    const reason = (now: string) => evaluateGates(at(now)).gates[0].reason;
    expect(reason('2025-12-31T12:00:30.000Z')).toBe(
      'It was evaluated 30 s ago ≤ 7d',
    );
    expect(reason('2025-12-31T12:01:00.000Z')).toBe(
      'It was evaluated 1 min ago ≤ 7d',
    );
    expect(reason('2025-12-31T13:00:00.000Z')).toBe(
      'It was evaluated 1 h ago ≤ 7d',
    );
    expect(reason('2025-12-31T11:00:00.000Z')).toBe(
      'It was evaluated 0 s ago ≤ 7d',
    );
  });

  it('changes the report at the first moment at which it is too old, and not again', () => {
    const expiry = changesAt(at('2026-01-01T00:00:00.000Z'));
    expect(expiry).toBe('2026-01-07T12:00:00.001Z');
    expect(evaluateGates(at(expiry!)).gates[0].outcome).toBe('unknown');
    expect(changesAt(at(expiry!))).toBeNull();
    expect(changesAt(at('2026-01-01T00:00:00.000Z', []))).toBeNull();
  });
});
