import { gateInput, predecessor } from './__testUtils__/gateInput';
import { evaluateGates } from './gates';
import { predecessorOf } from './order';

const from = '2025-12-01T00:00:00.000Z';
const to = '2025-12-02T00:00:00.000Z';

describe('the promotion order', () => {
  it.each([
    ['live', 'pass', '0.2.0 is live in staging.'],
    ['was-live', 'pass', '0.2.0 was live in staging.'],
    ['rolled-back', 'fail', '0.2.0 was rolled back in staging.'],
    [
      'never',
      'fail',
      '0.2.0 was never live in staging. Deploy it there first.',
    ],
  ] as const)('judges %s as %s', (standing, outcome, reason) => {
    const given = gateInput({
      predecessor: { ...predecessor({ from }), standing },
    });
    expect(evaluateGates(given).gates).toEqual([
      {
        id: 'order',
        title: 'Live in staging first',
        outcome,
        reason,
        observed: standing,
        observedAt: from,
        source: 'deployment history',
        runId: null,
        remedy: 'none',
      },
    ]);
  });

  it('reads the standing from the last interval', () => {
    expect(predecessorOf('staging', undefined)).toEqual({
      environment: 'staging',
      standing: 'never',
      from: null,
      to: null,
    });
    const standing = (interval: Parameters<typeof predecessorOf>[1]) =>
      predecessorOf('staging', interval);
    expect(standing({ from, to: null, endedBy: null })).toEqual({
      environment: 'staging',
      standing: 'live',
      from,
      to: null,
    });
    expect(standing({ from, to, endedBy: 'superseded' })).toMatchObject({
      standing: 'was-live',
      from,
      to,
    });
    expect(standing({ from, to, endedBy: 'rolled-back' }).standing).toBe(
      'rolled-back',
    );
  });
});

describe('the pipeline of a version', () => {
  const rejected = (reasons: string[]) => {
    const given = gateInput({});
    Object.assign(given.version, { status: 'rejected', reasons });
    return evaluateGates(given);
  };

  it('fails a version that it rejected, with its reasons', () => {
    const report = rejected(['too slow', 'too big']);
    expect(report.summary).toBe('Cannot ship: too slow; too big.');
    expect(report.gates).toEqual([
      {
        id: 'pipeline',
        title: 'Accepted by its own pipeline',
        outcome: 'fail',
        reason: 'too slow; too big',
        observed: 'rejected',
        observedAt: '2025-12-31T00:00:00.000Z',
        source: 'registry local',
        runId: 'run-2',
        remedy: 'none',
      },
    ]);
    expect(rejected([]).gates[0].reason).toBe(
      'Its pipeline rejected it without giving a reason.',
    );
  });
});

describe('the summary of a report', () => {
  const summary = (given: Parameters<typeof gateInput>[0]) =>
    evaluateGates(gateInput(given)).summary;
  const hasCard = (value: boolean) => ({
    version: { ...gateInput({}).version, hasCard: value },
  });

  it('names what decides, each once', () => {
    expect(
      summary({
        ...hasCard(false),
        gates: [{ modelCard: 'required' }, { dataValidation: 'required' }],
        freeze: {
          current: { until: '2026-01-02T00:00:00.000Z', reason: 'Stocktaking' },
          nextAt: null,
          problem: null,
        },
      }),
    ).toBe('Cannot ship: This version has no model card.');
    expect(
      summary({
        gates: [{ dataValidation: 'required' }, { tests: ['unit'] }],
      }),
    ).toBe(
      'Cannot ship yet: No data validation is known; unit: no result is known.',
    );
    expect(
      summary({
        ...hasCard(true),
        gates: [{ modelCard: 'required' }, { modelCard: 'required' }],
      }),
    ).toBe('2 of 2 gates passed.');
  });

  it('tells the environment, the versions and the time', () => {
    expect(evaluateGates(gateInput({}))).toEqual({
      environment: 'production',
      version: '0.2.0',
      liveVersion: null,
      outcome: 'pass',
      summary: 'No gates are declared.',
      gates: [],
      waits: [],
      evaluatedAt: '2026-01-01T00:00:00.000Z',
    });
  });
});
