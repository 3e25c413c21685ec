import { createHash } from 'node:crypto';
import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { HeldIncident } from '../database/incidentRows';
import type { IncidentMove } from '../database/IncidentStore';
import type { RollbackService } from '../delivery/RollbackService';
import type { IncidentNotifier } from './IncidentNotifier';
import { again, ended, moved } from './stepResults';

const SOON_MS = 5_000;

/** What a rule does that trains nothing. Each happens once for an incident, however often it is called. */
export class RuleActions {
  readonly #rollbacks: RollbackService;
  readonly #notifier: IncidentNotifier;
  readonly #now: () => Date;

  constructor(options: {
    rollbacks: RollbackService;
    notifier: IncidentNotifier;
    now: () => Date;
  }) {
    this.#rollbacks = options.rollbacks;
    this.#notifier = options.notifier;
    this.#now = options.now;
  }

  async rollBack(
    spec: ModelSpec,
    incident: HeldIncident,
  ): Promise<IncidentMove> {
    try {
      const { id, version } = await this.#rollbacks.rollback(spec, {
        environment: incident.environment,
        reason: `Incident of ${incident.monitor}: ${incident.message}`,
        by: 'system',
        automatic: true,
        requestKey: createHash('sha256')
          .update(`incident ${incident.id} roll back`)
          .digest('hex'),
      });
      return moved(
        {
          phase: 'watching',
          actedAt: this.#in(0),
          deploymentId: id,
          dueAt: null,
        },
        {
          type: 'action',
          message: `The rule rolls ${incident.environment} back to ${version}.`,
          version,
          deploymentId: id,
        },
      );
    } catch (error) {
      // Another deployment is open there: asked for again when it has ended.
      if (error instanceof ConflictError) return again(this.#in(SOON_MS));
      if (error instanceof InputError || error instanceof NotAllowedError) {
        return ended(`No roll back: ${error.message}`);
      }
      throw error;
    }
  }

  /** @throws what the notifications plugin failed with; the caller tries again. */
  async notify(spec: ModelSpec, incident: HeldIncident): Promise<IncidentMove> {
    const message = await this.#notifier.notify(spec, incident);
    return moved(
      { phase: 'watching', actedAt: this.#in(0), dueAt: null },
      { type: 'action', message },
    );
  }

  #in(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString();
  }
}
