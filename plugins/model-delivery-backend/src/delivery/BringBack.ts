import { createHash } from 'node:crypto';
import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import type { StoredDeployment } from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import type { RollbackService } from './RollbackService';

/**
 * Deploys the version that history says is live again, after a deployment failed that had changed what is
 * served: its provider serves bytes that are not those of the version.
 */
export class BringBack {
  readonly #stores: Stores;
  readonly #rollbacks: RollbackService;
  readonly #now: () => Date;

  constructor(options: {
    stores: Stores;
    rollbacks: RollbackService;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#rollbacks = options.rollbacks;
    this.#now = options.now;
  }

  /** Idempotent. Where it cannot be brought back, the failed deployment says why. */
  async after(failed: StoredDeployment): Promise<void> {
    const { entityRef, environment, version } = failed;
    // A system that serves wrong bytes twice is not asked a third time.
    if (failed.action === 'rollback') {
      await this.#remark(failed, 'This was a roll back itself');
      return;
    }
    const spec = await this.#stores.models.lastSpec(entityRef);
    if (!spec) return;
    try {
      await this.#rollbacks.bringBack(spec, {
        environment,
        reason: `Automatic: what was served instead of ${version} had another digest`,
        by: 'system',
        automatic: true,
        requestKey: createHash('sha256')
          .update(`bring back after ${failed.id}`)
          .digest('hex'),
      });
    } catch (error) {
      const isRefused = [
        ConflictError,
        InputError,
        NotAllowedError,
        NotFoundError,
      ].some(kind => error instanceof kind);
      if (!isRefused) throw error;
      await this.#remark(failed, (error as Error).message);
    }
  }

  async #remark(failed: StoredDeployment, detail: string): Promise<void> {
    await this.#stores.deployments.remark(
      failed.id,
      { title: 'The live version was not brought back', detail },
      this.#now().toISOString(),
    );
  }
}
