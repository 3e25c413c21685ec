import type {
  GateReport,
  GateResult,
  GateRule,
} from '@slipway/plugin-model-delivery-common/schema';
import fc from 'fast-check';
import { anyInput, anyRule } from './__testUtils__/anyInput';
import { changesAt } from './changesAt';
import type { GateInput } from './gateInput';
import { evaluateGates } from './gates';

const BADNESS = { pass: 0, 'needs-approval': 1, unknown: 2, fail: 3 };
const badness = (report: GateReport) => BADNESS[report.outcome];

const withGates = (input: GateInput, gates: GateRule[]): GateInput => ({
  ...input,
  environment: { ...input.environment, gates },
});
/** Without the place in the list, which the id begins with. */
const results = (gates: GateResult[]) =>
  gates
    .map(({ id, ...rest }) =>
      JSON.stringify({ ...rest, id: id.replace(/^\d+-/, '') }),
    )
    .sort();

function deepFreeze<T>(value: T): T {
  if (value && typeof value === 'object') {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

// Rare combinations matter, and an evaluation takes microseconds.
fc.configureGlobal({ numRuns: 500 });

describe('the evaluation of any gates', () => {
  it('is never unblocked by one more gate, and is blocked by one that fails', () => {
    fc.assert(
      fc.property(anyInput, anyRule, (input, rule) => {
        const before = evaluateGates(input);
        const after = evaluateGates(
          withGates(input, [...input.environment.gates, rule]),
        );
        expect(badness(after)).toBeGreaterThanOrEqual(badness(before));
        const added = after.gates.filter(({ id }) =>
          id.startsWith(`${input.environment.gates.length}-`),
        );
        expect(added).toHaveLength(1);
        expect(badness(after)).toBeGreaterThanOrEqual(
          BADNESS[added[0].outcome],
        );
      }),
    );
  });

  it('is the same in whatever order the gates are declared', () => {
    const shuffled = anyInput.chain(input =>
      fc
        .shuffledSubarray(input.environment.gates, {
          minLength: input.environment.gates.length,
        })
        .map(gates => ({ input, gates })),
    );
    fc.assert(
      fc.property(shuffled, ({ input, gates }) => {
        const before = evaluateGates(input);
        const after = evaluateGates(withGates(input, gates));
        expect(after.outcome).toBe(before.outcome);
        expect(after.waits).toEqual(before.waits);
        expect(results(after.gates)).toEqual(results(before.gates));
      }),
    );
  });

  it('explains every result, and names in its summary each one that decides', () => {
    fc.assert(
      fc.property(anyInput, input => {
        const { gates, summary, outcome } = evaluateGates(input);
        for (const gate of gates) {
          expect(gate.reason).toMatch(/\S/);
          expect(gate.title).toMatch(/\S/);
        }
        const decisive = gates.filter(gate => gate.outcome === outcome);
        for (const { reason } of outcome === 'pass' ? [] : decisive) {
          expect(summary).toContain(reason.replace(/\.$/, ''));
        }
      }),
    );
  });

  it('lets nothing pass that nobody observed', () => {
    fc.assert(
      fc.property(anyInput, input => {
        const { gates } = evaluateGates(input);
        const unseen = gates.filter(gate => gate.source === null);
        expect(unseen.filter(gate => gate.outcome === 'pass')).toEqual([]);
        expect(unseen.filter(gate => gate.observed !== null)).toEqual([]);
      }),
    );
  });

  it('is changed by no freeze, and by no soak that goes on', () => {
    fc.assert(
      fc.property(anyInput, input => {
        const held = evaluateGates(input);
        const { soak, ...environment } = input.environment;
        const isSoaking = held.waits.some(({ kind }) => kind === 'soak');
        const free = evaluateGates({
          ...input,
          environment: isSoaking ? environment : input.environment,
          freeze: input.freeze && { ...input.freeze, current: null },
        });
        expect(free.outcome).toBe(held.outcome);
        expect(free.gates).toEqual(held.gates);
        expect(free.waits).toEqual([]);
      }),
    );
  });

  it('changes nothing that it is given, and depends on nothing else', () => {
    fc.assert(
      fc.property(anyInput, input => {
        const frozen = deepFreeze(structuredClone(input));
        expect(evaluateGates(frozen)).toEqual(evaluateGates(input));
      }),
    );
  });

  it('stays the same until the moment that it names', () => {
    fc.assert(
      fc.property(
        anyInput,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (input, part) => {
          const until = changesAt(input) ?? '2027-01-01T00:00:00.000Z';
          const [from, to] = [input.now, until].map(at => Date.parse(at));
          expect(to).toBeGreaterThan(from);
          const later = Math.floor(from + (to - from - 1) * part);
          const outcomes = (at: number) => {
            const now = new Date(at).toISOString();
            const { outcome, waits, gates } = evaluateGates({ ...input, now });
            return { outcome, waits, gates: gates.map(gate => gate.outcome) };
          };
          expect(outcomes(later)).toEqual(outcomes(from));
        },
      ),
    );
  });
});
