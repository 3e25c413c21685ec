import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import type {
  ApprovalRequest,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type { StoredDeployment } from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import {
  approvalsWait,
  approverProblem,
  type Asked,
  type Decider,
  reviewerProblem,
  reviewersOf,
} from '../policy/approvals';
import { environmentOf } from './environmentOf';
import { type WaitingDeployments, messageOf } from './WaitingDeployments';

/** Two people can decide at once, and the evidence can change meanwhile; at most this often. */
const MAX_RACES = 5;

export interface DecisionOrder {
  deploymentId: string;
  person: Decider;
  reason: string | null;
  /** The results that the person saw, where the person says so. */
  gateHash?: string;
}

/** Decides on deployments that wait, in the name of a person. */
export class ApprovalService {
  readonly #stores: Stores;
  readonly #waiting: WaitingDeployments;
  readonly #onChanged: (entityRef: string) => Promise<void>;
  readonly #now: () => Date;

  constructor(options: {
    stores: Stores;
    waiting: WaitingDeployments;
    /** Called after something was written. */
    onChanged: (entityRef: string) => Promise<void>;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#waiting = options.waiting;
    this.#onChanged = options.onChanged;
    this.#now = options.now;
  }

  /**
   * Approves the digest and the gate results as they are now. The approval that completes what is
   * required releases the deployment. A second approval of one person changes nothing.
   *
   * @throws NotAllowedError where the person's approval does not count, with the reason.
   * @throws ConflictError where the deployment does not wait for approvals, a gate is against it, or
   *   the results are not those that the person saw.
   */
  async approve(spec: ModelSpec, order: DecisionOrder): Promise<void> {
    await this.#decide(spec, order, approverProblem, (seen, asked) => {
      if (seen.gates.some(gate => gate.outcome === 'unknown')) {
        throw new ConflictError(
          `It cannot be approved while a gate is unknown. ${seen.message}`,
        );
      }
      const { rule } = asked;
      return this.#stores.approvals.approve(
        {
          deploymentId: seen.id,
          digest: seen.digest,
          gateHash: seen.gateHash ?? '',
          by: order.person.by,
          reason: order.reason,
        },
        counted => {
          const waits = [
            ...seen.waits.filter(wait => wait.kind !== 'approvals'),
            ...approvalsWait(rule, counted),
          ];
          const said = order.reason ? ` Reason: ${order.reason}` : '';
          return {
            waits,
            message:
              waits.length === 0
                ? `Approved. ${seen.version} is queued.`
                : messageOf(waits, seen),
            event: `Approved, ${counted} of ${rule.required}.${said}`,
          };
        },
        this.#at(),
      );
    });
  }

  /**
   * Rejects a deployment, which ends it.
   *
   * @throws NotAllowedError where the person is not asked, with the reason.
   * @throws ConflictError where the deployment does not wait for approvals.
   */
  async reject(
    spec: ModelSpec,
    order: DecisionOrder & { reason: string },
  ): Promise<void> {
    await this.#decide(spec, order, reviewerProblem, seen =>
      this.#stores.approvals.reject(
        {
          deploymentId: seen.id,
          digest: seen.digest,
          gateHash: seen.gateHash ?? '',
          by: order.person.by,
          reason: order.reason,
        },
        `Rejected. Reason: ${order.reason}`,
        this.#at(),
      ),
    );
  }

  /**
   * Who is asked, how people decided and how they were notified.
   *
   * @param caller - the person who looks, or why it is unknown who that is.
   * @returns null where the deployment never asked anybody.
   */
  async requestOf(
    spec: ModelSpec,
    deploymentId: string,
    caller: Decider | { problem: string },
  ): Promise<ApprovalRequest | null> {
    const stored = await this.#find(spec, deploymentId);
    if (stored.gateHash === null) return null;
    const rule = spec.environments.find(
      e => e.name === stored.environment,
    )?.approvals;
    const decisions = await this.#stores.approvals.of(stored.id);
    if (!rule && decisions.length === 0) return null;
    const { expiresAt, gateHash, authors } = stored;
    return {
      required: rule?.required ?? decisions.length,
      from: reviewersOf(rule),
      expiresAt,
      gateHash,
      decisions,
      authors: authors && {
        since: authors.since,
        names: authors.names,
        problem: authors.problem,
      },
      notices: await this.#stores.notices.of(stored.id),
      callerProblem:
        'problem' in caller
          ? caller.problem
          : callerProblem(stored, rule && askedOf(stored, rule), caller),
    };
  }

  async #decide(
    spec: ModelSpec,
    order: DecisionOrder,
    problemOf: (person: Decider, asked: Asked) => string | undefined,
    act: (
      seen: StoredDeployment,
      asked: Asked,
    ) => Promise<StoredDeployment | undefined>,
  ): Promise<void> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const found = await this.#find(spec, order.deploymentId);
      assertWaits(found);
      const rule = environmentOf(spec, found.environment).approvals;
      if (!rule) {
        throw new ConflictError(
          `${titleOf(found)} needs no approval: ${found.environment} does not ask for one any more`,
        );
      }
      // Before anything is written: a person who is not asked changes nothing.
      const early = reviewerProblem(order.person, askedOf(found, rule));
      if (early) throw new NotAllowedError(early);
      const seen = await this.#waiting.review(found, neverAborted());
      if (!seen) continue;
      if (seen.revision !== found.revision) {
        await this.#onChanged(spec.entityRef);
      }
      assertWaits(seen);
      if (order.gateHash && order.gateHash !== seen.gateHash) {
        throw new ConflictError(
          'The gate results have changed since you opened this request. Look at them again, then decide.',
        );
      }
      const asked = askedOf(seen, rule);
      const problem = problemOf(order.person, asked);
      if (problem) throw new NotAllowedError(problem);
      if (await act(seen, asked)) {
        await this.#onChanged(spec.entityRef);
        return;
      }
    }
    throw new ConflictError(
      `The deployment ${order.deploymentId} is changing quickly; try again`,
    );
  }

  async #find(spec: ModelSpec, id: string): Promise<StoredDeployment> {
    const found = await this.#stores.deployments.get(id);
    if (!found || found.entityRef !== spec.entityRef) {
      throw new NotFoundError(`There is no deployment ${id}`);
    }
    return found;
  }

  #at(): string {
    return this.#now().toISOString();
  }
}

function askedOf(stored: StoredDeployment, rule: Asked['rule']): Asked {
  return { requestedBy: stored.requestedBy, rule, authors: stored.authors };
}

/** Why a person who looks cannot approve; null where the person can. */
function callerProblem(
  stored: StoredDeployment,
  asked: Asked | undefined,
  person: Decider,
): string | null {
  if (stored.state !== 'waiting') return 'It does not wait any more.';
  if (!asked) return 'It asks for no approval any more.';
  return approverProblem(person, asked) ?? null;
}

/** @throws ConflictError */
function assertWaits(found: StoredDeployment): void {
  if (found.state === 'waiting') return;
  const ended = {
    cancelled: 'was withdrawn or has expired',
    rejected: 'was rejected',
    blocked: `was blocked: ${found.message}`,
  };
  throw new ConflictError(
    `${titleOf(found)} does not wait for approval: it ${
      ended[found.state as keyof typeof ended] ??
      `was released already (${found.state})`
    }`,
  );
}

function titleOf({ version, environment }: StoredDeployment): string {
  return `The deployment of ${version} to ${environment}`;
}

function neverAborted(): AbortSignal {
  return new AbortController().signal;
}
