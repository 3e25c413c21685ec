/** Every state of a deployment. */
export const DEPLOYMENT_STATES = [
  'waiting',
  'requested',
  'blocked',
  'rejected',
  'in-progress',
  'verifying',
  'rolling-out',
  'cancelling',
  'live',
  'superseded',
  'rolled-back',
  'failed',
  'cancelled',
] as const;
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];

/**
 * What a transition causes outside the deployment's own row: send the order to the provider, shift
 * traffic to it as its current step says, stop it there, point the registry's alias at the version,
 * deploy again what was live before the wrong bytes were served,
 * consider automatic deliveries again, notify the people whom the new state concerns.
 */
export const DEPLOYMENT_EFFECTS = [
  'dispatch',
  'shift',
  'stop',
  'mark',
  'bring-back',
  'reconsider',
  'notify',
] as const;
export type DeploymentEffect = (typeof DEPLOYMENT_EFFECTS)[number];

/** How a deployment ends once its provider has acknowledged the cancellation. */
export type CancellationEnd = 'cancelled' | 'failed';

/** The facts of a deployment on which its transitions depend. */
export interface MachineDeployment {
  state: DeploymentState;
  /** Set in `cancelling` only. */
  endsAs: CancellationEnd | null;
  /** Whether an attempt to send the order to the provider ever began. */
  dispatched: boolean;
}

export const DEPLOYMENT_TRIGGERS = [
  'release',
  'refuse',
  'reject',
  'expire',
  'accept',
  'verify',
  'resume',
  'roll-out',
  'advance',
  'pause',
  'lose',
  'go-live',
  'fail',
  'mismatch',
  'give-up',
  'cancel',
  'stopped',
  'force-release',
  'supersede',
  'roll-back',
] as const;
export type DeploymentTrigger = (typeof DEPLOYMENT_TRIGGERS)[number];

/** A condition of a transition, named so that the drawing can show it. */
type Guard =
  'never dispatched' | 'dispatched' | 'ends as cancelled' | 'ends as failed';

export interface Transition {
  from: readonly DeploymentState[];
  trigger: DeploymentTrigger;
  when?: Guard;
  to: DeploymentState;
  /** Only where the transition sets it. */
  endsAs?: CancellationEnd;
  effects: readonly DeploymentEffect[];
}

/**
 * The states in which a request enters: its gates let it pass and nothing holds it back, or they do
 * and something holds it back, or a gate is against it.
 */
export const INITIAL = {
  admitted: { state: 'requested', effects: ['dispatch'] },
  held: { state: 'waiting', effects: ['notify'] },
  refused: { state: 'blocked', effects: [] },
} as const satisfies Record<
  string,
  { state: DeploymentState; effects: readonly DeploymentEffect[] }
>;

export type DeploymentEntry = keyof typeof INITIAL;

const UNDER_WAY = [
  'requested',
  'in-progress',
  'verifying',
  'rolling-out',
] as const;

/** All transitions. What is not listed here is not legal. */
export const TRANSITIONS: readonly Transition[] = [
  {
    from: ['waiting'],
    trigger: 'release',
    to: 'requested',
    effects: ['dispatch', 'notify'],
  },
  // A gate fails now that passed when the version was requested.
  {
    from: ['waiting'],
    trigger: 'refuse',
    to: 'blocked',
    effects: ['reconsider', 'notify'],
  },
  {
    from: ['waiting'],
    trigger: 'reject',
    to: 'rejected',
    effects: ['reconsider', 'notify'],
  },
  {
    from: ['waiting'],
    trigger: 'expire',
    to: 'cancelled',
    effects: ['reconsider', 'notify'],
  },
  {
    from: ['requested'],
    trigger: 'accept',
    to: 'in-progress',
    effects: [],
  },
  {
    from: ['requested', 'in-progress'],
    trigger: 'verify',
    to: 'verifying',
    effects: [],
  },
  { from: ['verifying'], trigger: 'resume', to: 'in-progress', effects: [] },
  // The candidate is ready; the first step of the roll-out begins.
  {
    from: ['requested', 'in-progress', 'verifying'],
    trigger: 'roll-out',
    to: 'rolling-out',
    effects: ['shift'],
  },
  // The next step begins, after a verdict or because a person continues.
  {
    from: ['rolling-out'],
    trigger: 'advance',
    to: 'rolling-out',
    effects: ['shift'],
  },
  // A step could not be judged: it keeps its traffic and waits for a person.
  {
    from: ['rolling-out'],
    trigger: 'pause',
    to: 'rolling-out',
    effects: ['notify'],
  },
  // The provider no longer knows an order that it accepted, so it is sent again under the same id.
  {
    from: ['in-progress', 'verifying', 'rolling-out'],
    trigger: 'lose',
    to: 'requested',
    effects: ['dispatch'],
  },
  {
    // A cancellation can arrive too late: the history then says what is served.
    from: [...UNDER_WAY, 'cancelling'],
    trigger: 'go-live',
    to: 'live',
    effects: ['mark', 'reconsider', 'notify'],
  },
  {
    from: UNDER_WAY,
    trigger: 'fail',
    to: 'failed',
    effects: ['reconsider', 'notify'],
  },
  {
    // The outside system serves other bytes than those of the version, so it has changed what is live.
    from: UNDER_WAY,
    trigger: 'mismatch',
    to: 'failed',
    effects: ['bring-back', 'reconsider', 'notify'],
  },
  {
    from: UNDER_WAY,
    trigger: 'give-up',
    when: 'never dispatched',
    to: 'failed',
    effects: ['reconsider', 'notify'],
  },
  {
    from: UNDER_WAY,
    trigger: 'give-up',
    when: 'dispatched',
    to: 'cancelling',
    endsAs: 'failed',
    effects: ['stop'],
  },
  {
    from: ['waiting', ...UNDER_WAY],
    trigger: 'cancel',
    when: 'never dispatched',
    to: 'cancelled',
    effects: ['reconsider'],
  },
  {
    from: UNDER_WAY,
    trigger: 'cancel',
    when: 'dispatched',
    to: 'cancelling',
    endsAs: 'cancelled',
    effects: ['stop'],
  },
  ...(['stopped', 'force-release'] as const).flatMap(trigger =>
    (['cancelled', 'failed'] as const).map((end): Transition => ({
      from: ['cancelling'],
      trigger,
      when: `ends as ${end}`,
      to: end,
      // Who cancelled knows of it.
      effects: end === 'failed' ? ['reconsider', 'notify'] : ['reconsider'],
    })),
  ),
  { from: ['live'], trigger: 'supersede', to: 'superseded', effects: [] },
  { from: ['live'], trigger: 'roll-back', to: 'rolled-back', effects: [] },
];

/** What a transition leads to. */
export interface TransitionResult {
  state: DeploymentState;
  endsAs: CancellationEnd | null;
  effects: readonly DeploymentEffect[];
}

/** @returns undefined where the trigger is not legal in the deployment's state. */
export function transition(
  deployment: MachineDeployment,
  trigger: DeploymentTrigger,
): TransitionResult | undefined {
  const found = TRANSITIONS.find(
    t =>
      t.trigger === trigger &&
      t.from.includes(deployment.state) &&
      (t.when === undefined || holds(t.when, deployment)),
  );
  return (
    found && {
      state: found.to,
      endsAs: found.endsAs ?? null,
      effects: found.effects,
    }
  );
}

function holds(guard: Guard, deployment: MachineDeployment): boolean {
  switch (guard) {
    case 'never dispatched':
      return !deployment.dispatched;
    case 'dispatched':
      return deployment.dispatched;
    case 'ends as cancelled':
      return deployment.endsAs === 'cancelled';
    default:
      return deployment.endsAs === 'failed';
  }
}

/** Whether a deployment in this state holds its target, so that no other may begin there. */
export function isOpenState(state: DeploymentState): boolean {
  return state === 'cancelling' || isUnderWay(state);
}

/** Whether a deployment in this state is on its way to live. */
export function isUnderWay(state: DeploymentState): boolean {
  return (UNDER_WAY as readonly DeploymentState[]).includes(state);
}

/** Whether a person can cancel a deployment in this state. */
export function isCancellable(state: DeploymentState): boolean {
  return TRANSITIONS.some(
    t => t.trigger === 'cancel' && t.from.includes(state),
  );
}
