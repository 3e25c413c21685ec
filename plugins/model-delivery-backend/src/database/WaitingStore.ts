import type {
  GateResult,
  Rollout,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { lapseApprovals } from './ApprovalStore';
import { releaseDeployment } from './deploymentMoves';
import type { Hold, KnownAuthors, StoredDeployment } from './deploymentRows';
import { insertEffects, updateSeen } from './deploymentWrites';
import { setReviewers } from './reviewers';

/** What a review of a deployment that waits found. */
export interface Review extends Hold {
  gates: GateResult[];
  message: string;
  /** What is live now, and the steps in which the traffic shifts from it. */
  fromVersion: string | null;
  rollout: Rollout | null;
  authors: KnownAuthors | null;
  /** Why the approvals that were given no longer count, where they do not. */
  lapse: string | null;
  /** Whether nothing holds it back any more. */
  released: boolean;
}

/**
 * Deployments that wait. A release takes the keys of the environment and its target in the
 * transaction that needs them, so that no two deployments are open there.
 */
export class WaitingStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Makes the deployments of a model that wait due now. @returns how many there are. */
  async markDue(entityRef: string, now: string): Promise<number> {
    return this.#knex('deployment')
      .where('entity_ref', entityRef)
      .whereNotNull('waiting_key')
      .update({ due_at: now, revision: this.#knex.raw('revision + 1') });
  }

  /**
   * Records a review, and releases the deployment where nothing holds it back and its environment is
   * free.
   *
   * @returns the deployment as it is now, or undefined when it changed since it was seen or the lease
   *   was lost.
   */
  async record<D extends StoredDeployment>(
    seen: D,
    review: Review,
    now: string,
  ): Promise<D | undefined> {
    return this.#knex.transaction(async trx => {
      const noted = await updateSeen(trx, seen, {
        gates: JSON.stringify(review.gates),
        waits: JSON.stringify(review.waits),
        message: review.message,
        from_version: review.fromVersion,
        rollout: review.rollout && JSON.stringify(review.rollout),
        digest: review.digest,
        gate_hash: review.gateHash,
        expires_at: review.expiresAt,
        authors: review.authors && JSON.stringify(review.authors),
      });
      if (!noted) return undefined;
      await setReviewers(
        trx,
        seen,
        review.waits.some(wait => wait.kind === 'approvals')
          ? review.reviewers
          : [],
      );
      if (review.lapse) {
        const lapsed = await lapseApprovals(trx, noted, review.lapse, now);
        // They are asked again.
        if (lapsed > 0) {
          await insertEffects(
            trx,
            seen.id,
            { state: 'waiting', effects: ['notify'] },
            now,
          );
        }
      }
      return review.released
        ? releaseDeployment(trx, noted, review.message, now)
        : noted;
    });
  }
}
