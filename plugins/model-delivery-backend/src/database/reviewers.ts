import type { Knex } from 'knex';
import type { StoredDeployment } from './deploymentRows';

/** Replaces those whom a deployment that waits asks. */
export async function setReviewers(
  trx: Knex.Transaction,
  of: Pick<StoredDeployment, 'id' | 'requestedAt'>,
  reviewers: string[],
): Promise<void> {
  await trx('deployment_reviewer').where('deployment_id', of.id).delete();
  if (reviewers.length === 0) return;
  await trx('deployment_reviewer').insert(
    [...new Set(reviewers)].map(reviewer => ({
      deployment_id: of.id,
      reviewer,
      requested_at: of.requestedAt,
    })),
  );
}
