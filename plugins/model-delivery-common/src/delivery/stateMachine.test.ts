import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import {
  DEPLOYMENT_EFFECTS,
  DEPLOYMENT_STATES,
  DEPLOYMENT_TRIGGERS,
  type DeploymentState,
  INITIAL,
  isCancellable,
  isOpenState,
  isUnderWay,
  type MachineDeployment,
  transition,
  TRANSITIONS,
} from './stateMachine';

const TERMINAL: DeploymentState[] = [
  'blocked',
  'rejected',
  'superseded',
  'rolled-back',
  'failed',
  'cancelled',
];

const deployment = fc.record({
  state: fc.constantFrom(...DEPLOYMENT_STATES),
  endsAs: fc.constantFrom('cancelled' as const, 'failed' as const),
  dispatched: fc.boolean(),
});
const trigger = fc.constantFrom(...DEPLOYMENT_TRIGGERS);

/** A deployment as it is after a transition. */
const after = (
  before: MachineDeployment,
  name: (typeof DEPLOYMENT_TRIGGERS)[number],
): MachineDeployment => {
  const result = transition(before, name);
  return result
    ? { ...before, state: result.state, endsAs: result.endsAs }
    : before;
};

describe('the state machine of a deployment', () => {
  it('never changes a terminal state', () => {
    fc.assert(
      fc.property(deployment, trigger, (before, name) => {
        fc.pre(TERMINAL.includes(before.state));
        expect(transition(before, name)).toBeUndefined();
      }),
    );
  });

  it('lets live become superseded or rolled back, and nothing else', () => {
    fc.assert(
      fc.property(deployment, trigger, (before, name) => {
        const result = transition({ ...before, state: 'live' }, name);
        expect(['superseded', 'rolled-back', undefined]).toContain(
          result?.state,
        );
      }),
    );
  });

  it('reaches an end from every state that is not one', () => {
    fc.assert(
      fc.property(deployment, before => {
        const seen = new Set<DeploymentState>();
        let front: MachineDeployment[] = [before];
        while (front.length > 0) {
          front.forEach(d => seen.add(d.state));
          front = front
            .flatMap(d => DEPLOYMENT_TRIGGERS.map(name => after(d, name)))
            .filter(d => !seen.has(d.state));
        }
        expect([...seen].some(state => TERMINAL.includes(state))).toBe(true);
      }),
    );
  });

  it('stays open or ends in any sequence of triggers, and goes live once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('admitted' as const, 'held' as const),
        fc.array(trigger, { maxLength: 30 }),
        fc.boolean(),
        (entry, names, dispatched) => {
          let current: MachineDeployment = {
            state: INITIAL[entry].state,
            endsAs: null,
            dispatched,
          };
          let lives = 0;
          for (const name of names) {
            const next = after(current, name);
            if (next.state === 'live' && current.state !== 'live') lives += 1;
            const reopened =
              current.state !== 'waiting' &&
              !isOpenState(current.state) &&
              isOpenState(next.state);
            expect(reopened).toBe(false);
            expect(next.endsAs !== null).toBe(next.state === 'cancelling');
            current = next;
          }
          expect(lives).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('sends what waits by a release alone', () => {
    fc.assert(
      fc.property(deployment, trigger, (before, name) => {
        const result = transition({ ...before, state: 'waiting' }, name);
        const sends = result?.effects.includes('dispatch') ?? false;
        expect(sends).toBe(name === 'release');
        expect(sends).toBe(result?.state === 'requested');
      }),
    );
  });

  it('names each effect once in a transition, and matches one rule at most', () => {
    for (const { effects } of TRANSITIONS) {
      expect(new Set(effects).size).toBe(effects.length);
    }
    fc.assert(
      fc.property(deployment, trigger, (before, name) => {
        const matching = TRANSITIONS.filter(
          t =>
            t.trigger === name &&
            t.from.includes(before.state) &&
            transition(before, name)?.state === t.to &&
            (t.endsAs ?? null) === transition(before, name)?.endsAs,
        );
        expect(matching.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('stops at the provider what was dispatched and is not live, before it ends', () => {
    fc.assert(
      fc.property(deployment, before => {
        const open = { ...before, dispatched: true };
        for (const name of ['cancel', 'give-up'] as const) {
          const result = transition(open, name);
          if (!result) continue;
          expect(result.state).toBe('cancelling');
          expect(result.effects).toContain('stop');
        }
      }),
    );
  });

  it.each([
    ['stopped', 'cancelled'],
    ['stopped', 'failed'],
    ['force-release', 'cancelled'],
    ['force-release', 'failed'],
  ] as const)('ends by %s as the cancellation says: %s', (name, endsAs) => {
    const before = { state: 'cancelling', endsAs, dispatched: true } as const;
    expect(transition(before, name)).toMatchObject({
      state: endsAs,
      endsAs: null,
    });
    expect(transition({ ...before, endsAs: null }, name)).toBeUndefined();
  });

  it.each([
    ['cancel', false, 'cancelled', null],
    ['cancel', true, 'cancelling', 'cancelled'],
    ['give-up', false, 'failed', null],
    ['give-up', true, 'cancelling', 'failed'],
  ] as const)(
    'leads by %s, where it was dispatched (%s), to %s',
    (name, dispatched, state, endsAs) => {
      const before = {
        state: 'in-progress',
        endsAs: null,
        dispatched,
      } as const;
      expect(transition(before, name)).toMatchObject({ state, endsAs });
    },
  );

  it('knows which states hold their target, are on the way to live, and can be cancelled', () => {
    const underWay = ['requested', 'in-progress', 'verifying', 'rolling-out'];
    const are = (is: (state: DeploymentState) => boolean) =>
      DEPLOYMENT_STATES.filter(is).sort();
    expect(are(isUnderWay)).toEqual([...underWay].sort());
    expect(are(isOpenState)).toEqual([...underWay, 'cancelling'].sort());
    expect(are(isCancellable)).toEqual([...underWay, 'waiting'].sort());
  });

  it('has no state, trigger or effect that no rule uses, and no rule with another one', () => {
    const begun = Object.values(INITIAL);
    const sorted = (names: Iterable<string>) => [...new Set(names)].sort();
    expect(sorted(DEPLOYMENT_STATES)).toEqual(
      sorted([...begun.map(i => i.state), ...TRANSITIONS.map(t => t.to)]),
    );
    expect(sorted(DEPLOYMENT_TRIGGERS)).toEqual(
      sorted(TRANSITIONS.map(t => t.trigger)),
    );
    expect(sorted(DEPLOYMENT_EFFECTS)).toEqual(
      sorted([...begun, ...TRANSITIONS].flatMap(rule => [...rule.effects])),
    );
  });

  it('is drawn in docs/architecture.md as it is', () => {
    const file = path.resolve(__dirname, '../../../../docs/architecture.md');
    const text = fs.readFileSync(file, 'utf8');
    const block =
      /(<!-- state machine -->\n)[\s\S]*?(<!-- \/state machine -->)/;
    const drawn = text.replace(
      block,
      (_, begin, end) => `${begin}\n\`\`\`mermaid\n${draw()}\n\`\`\`\n\n${end}`,
    );
    if (process.env.UPDATE_DOCS) fs.writeFileSync(file, drawn);
    expect(block.test(text)).toBe(true);
    expect(fs.readFileSync(file, 'utf8')).toBe(drawn);
  });
});

function draw(): string {
  const lines = ['stateDiagram-v2'];
  for (const [name, { state, effects }] of Object.entries(INITIAL)) {
    lines.push(arrow('[*]', state, [`${name}`], effects));
  }
  const merged = new Map<string, string[]>();
  for (const t of TRANSITIONS) {
    for (const from of t.from) {
      const key = JSON.stringify([from, t.to, t.effects]);
      const label = t.when ? `${t.trigger} (${t.when})` : t.trigger;
      merged.set(key, [...(merged.get(key) ?? []), label]);
    }
  }
  for (const [key, labels] of merged) {
    const [from, to, effects] = JSON.parse(key);
    lines.push(arrow(from, to, labels, effects));
  }
  for (const state of TERMINAL) lines.push(`  ${id(state)} --> [*]`);
  return lines.join('\n');
}

function id(state: string): string {
  return state.replace('-', '_');
}

function arrow(
  from: string,
  to: string,
  labels: string[],
  effects: readonly string[],
): string {
  const caused = effects.length > 0 ? ` → ${effects.join(', ')}` : '';
  return `  ${id(from)} --> ${id(to)} : ${labels.join(' or ')}${caused}`;
}
