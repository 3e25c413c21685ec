import { changesAt } from './changesAt';
import { evaluateGates } from './gates';
import { gateInput, predecessor } from './__testUtils__/gateInput';

const soaking = (from: string | null, to: string | null = null) =>
  gateInput({
    environment: { soak: '30m' },
    predecessor: predecessor({ from, to }),
    now: '2026-01-01T12:00:00.000Z',
  });
const frozen = {
  current: { until: '2026-01-02T06:00:00.000Z', reason: 'Stocktaking' },
  nextAt: null,
  problem: null,
};

describe('a soak', () => {
  it('waits until the version was live in the environment before for long enough', () => {
    const report = evaluateGates(soaking('2026-01-01T11:45:00.000Z'));
    expect(report).toMatchObject({
      outcome: 'pass',
      waits: [
        {
          kind: 'soak',
          message:
            '0.2.0 must be live in staging for 30m; that is so at 2026-01-01 12:15 UTC.',
          until: '2026-01-01T12:15:00.000Z',
        },
      ],
      summary:
        '1 of 1 gates passed. It waits: 0.2.0 must be live in staging for 30m; that is so at 2026-01-01 12:15 UTC.',
    });
    expect(report.gates.map(gate => gate.id)).toEqual(['order']);
  });

  it('passes to the moment, and says for how long it soaked', () => {
    const report = evaluateGates(soaking('2026-01-01T11:30:00.000Z'));
    expect(report.waits).toEqual([]);
    expect(report.gates[1]).toMatchObject({
      id: 'soak',
      title: 'Soaked in staging for 30m',
      outcome: 'pass',
      reason: '0.2.0 is live in staging for 30 min ≥ 30m',
      observed: '30 min',
      observedAt: '2026-01-01T11:30:00.000Z',
      source: 'deployment history',
    });
  });

  it('passes for a version that soaked and was replaced since', () => {
    const from = '2026-01-01T10:00:00.000Z';
    const report = evaluateGates(soaking(from, '2026-01-01T10:30:00.000Z'));
    expect(report).toMatchObject({ outcome: 'pass', waits: [] });
    expect(report.gates[1].reason).toBe(
      '0.2.0 was live in staging for 30 min ≥ 30m',
    );
  });

  it('fails where another version replaced it before it had soaked', () => {
    const from = '2026-01-01T10:00:00.000Z';
    const report = evaluateGates(soaking(from, '2026-01-01T10:29:59.999Z'));
    expect(report).toMatchObject({ outcome: 'fail', waits: [] });
    expect(report.gates[1].reason).toBe(
      '0.2.0 was live in staging for 29 min < 30m, until another version replaced it. Deploy it there again.',
    );
  });

  it('is left to the promotion order for a version that was never live there', () => {
    const report = evaluateGates(soaking(null));
    expect(report.gates.map(gate => gate.id)).toEqual(['order']);
    expect(report).toMatchObject({ outcome: 'fail', waits: [] });
  });

  it('is left to the promotion order for a version that was rolled back there', () => {
    const given = soaking(
      '2026-01-01T10:00:00.000Z',
      '2026-01-01T10:10:00.000Z',
    );
    given.predecessor!.standing = 'rolled-back';
    expect(evaluateGates(given).gates.map(gate => gate.id)).toEqual(['order']);
  });

  it('is no matter where none is declared', () => {
    const given = gateInput({
      predecessor: predecessor({ from: '2026-01-01T11:59:00.000Z' }),
      now: '2026-01-01T12:00:00.000Z',
    });
    expect(evaluateGates(given)).toMatchObject({ waits: [] });
    expect(evaluateGates(given).gates).toHaveLength(1);
  });
});

describe('a freeze', () => {
  it('waits until it ends, with its reason, and changes no outcome', () => {
    expect(evaluateGates(gateInput({ freeze: frozen }))).toMatchObject({
      outcome: 'pass',
      summary:
        'No gates are declared. It waits: production is frozen until 2026-01-02 06:00 UTC: Stocktaking.',
      waits: [
        {
          kind: 'freeze',
          message:
            'production is frozen until 2026-01-02 06:00 UTC: Stocktaking',
          until: '2026-01-02T06:00:00.000Z',
        },
      ],
    });
  });

  it('is unknown where its windows cannot be worked out', () => {
    const freeze = { current: null, nextAt: null, problem: 'No such day.' };
    const report = evaluateGates(gateInput({ freeze }));
    expect(report).toMatchObject({ outcome: 'unknown', waits: [] });
    expect(report.gates).toEqual([
      {
        id: 'freeze',
        title: 'Outside of freeze windows',
        outcome: 'unknown',
        reason: 'No such day.',
        observed: null,
        observedAt: null,
        source: 'catalog entity',
        runId: null,
        remedy: 'none',
      },
    ]);
  });
});

describe('what changes by time alone', () => {
  it('is nothing where nothing waits', () => {
    expect(changesAt(gateInput({}))).toBeNull();
  });

  it('changes first when the first wait ends or the next freeze begins', () => {
    const given = {
      ...soaking('2026-01-01T11:45:00.000Z'),
      freeze: frozen,
    };
    expect(evaluateGates(given).waits.map(wait => wait.kind)).toEqual([
      'soak',
      'freeze',
    ]);
    expect(changesAt(given)).toBe('2026-01-01T12:15:00.000Z');
    expect(
      changesAt({
        ...given,
        freeze: { ...frozen, nextAt: '2026-01-01T12:10:00.000Z' },
      }),
    ).toBe('2026-01-01T12:10:00.000Z');
  });
});
