import { createHash } from 'node:crypto';
import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import type {
  DeploymentState,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type { StoredDeployment } from '../database/deploymentRows';
import type { HeldIncident } from '../database/incidentRows';
import type { IncidentMove } from '../database/IncidentStore';
import type { Stores } from '../database/stores';
import type { DeliveryService } from '../delivery/DeliveryService';
import { evaluateGatesFor } from '../delivery/evaluateGatesFor';
import type { Targets } from '../providers/Targets';
import { type PromotionStep, promotionStep } from './promotionStep';
import { again, ended, held, moved } from './stepResults';

const SOON_MS = 5_000;
const LATER_MS = 60_000;
/** Evidence and gates that are not known after this long are a result. */
const PATIENCE_MS = 600_000;

const GAVE_UP: readonly DeploymentState[] = [
  'blocked',
  'rejected',
  'failed',
  'cancelled',
];

/** Brings the candidate of an incident towards its environment, through gates and approvals like any other. */
export class PromotionRequest {
  readonly #stores: Stores;
  readonly #targets: Targets;
  readonly #delivery: DeliveryService;
  readonly #now: () => Date;

  constructor(options: {
    stores: Stores;
    targets: Targets;
    delivery: DeliveryService;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#targets = options.targets;
    this.#delivery = options.delivery;
    this.#now = options.now;
  }

  /** What follows for an incident whose candidate is known. */
  async next(spec: ModelSpec, incident: HeldIncident): Promise<IncidentMove> {
    const candidate = incident.candidate!;
    const step = promotionStep(
      spec,
      incident.environment,
      await this.#wasLiveIn(spec, candidate),
    );
    if (!step) {
      return ended(
        `${candidate} was live in ${incident.environment} and is not now.`,
      );
    }
    const { name } = step.environment;
    const [known] = await this.#stores.deployments.ofVersion(
      spec.entityRef,
      name,
      candidate,
    );
    if (known) return this.#follow(incident, known);
    const holds = await this.#stores.holds.current(spec.entityRef);
    const hold = holds.get(name);
    if (hold) {
      return held(
        incident,
        `${name} is on hold by ${hold.by}: ${hold.reason}. Lift the hold, or deploy ${candidate} by hand.`,
        this.#in(LATER_MS),
      );
    }
    return this.#begin(spec, incident, step);
  }

  async #begin(
    spec: ModelSpec,
    incident: HeldIncident,
    { environment: { name }, way }: PromotionStep,
  ): Promise<IncidentMove> {
    const candidate = incident.candidate!;
    const { report } = await evaluateGatesFor(
      { stores: this.#stores, targets: this.#targets },
      spec,
      name,
      candidate,
      this.#now().toISOString(),
    );
    const isPatient =
      this.#now().getTime() - Date.parse(incident.movedAt) < PATIENCE_MS;
    if (report.outcome === 'unknown' && isPatient) {
      return again(this.#in(SOON_MS));
    }
    if (report.outcome === 'fail' || report.outcome === 'unknown') {
      return ended(
        `The gates of ${name} do not pass for ${candidate}: ${report.summary}`,
        { version: candidate },
      );
    }
    if (way === 'automatic') {
      return held(
        incident,
        `Automatic delivery brings ${candidate} into ${name}.`,
        this.#in(SOON_MS),
      );
    }
    if (way === 'by-hand') {
      return held(
        incident,
        `${candidate} passes the gates of ${name}, which people deploy to by hand: deploy it, or dismiss the incident.`,
        this.#in(LATER_MS),
      );
    }
    return this.#request(spec, incident, name);
  }

  async #request(
    spec: ModelSpec,
    incident: HeldIncident,
    environment: string,
  ): Promise<IncidentMove> {
    const version = incident.candidate!;
    try {
      const { id } = await this.#delivery.deploy(spec, {
        environment,
        version,
        reason: `Trained again: ${incident.monitor} was ${incident.when.is} for ${incident.version ?? 'an unknown version'} in ${incident.environment}.`,
        by: 'system',
        automatic: true,
        override: false,
        requestKey: createHash('sha256')
          .update(`incident ${incident.id} ${environment} ${version}`)
          .digest('hex'),
      });
      return moved(
        { deploymentId: id, dueAt: this.#in(SOON_MS) },
        {
          type: 'promotion',
          message: `Requested ${version} in ${environment}; people are asked to approve it.`,
          version,
          deploymentId: id,
        },
      );
    } catch (error) {
      // Another deployment is open there: asked for again when it has ended.
      if (error instanceof ConflictError) return again(this.#in(LATER_MS));
      if (
        error instanceof InputError ||
        error instanceof NotAllowedError ||
        error instanceof NotFoundError
      ) {
        return ended(`${version} was not requested: ${error.message}`);
      }
      throw error;
    }
  }

  /** Follows a deployment of the candidate, requested by feedback or not. */
  #follow(incident: HeldIncident, found: StoredDeployment): IncidentMove {
    const about = { version: found.version, deploymentId: found.id };
    if (GAVE_UP.includes(found.state)) {
      return ended(
        `The deployment of ${found.version} to ${found.environment} is ${found.state}: ${found.message}`,
        about,
      );
    }
    if (incident.deploymentId === found.id) return again(this.#in(SOON_MS));
    return moved(
      { deploymentId: found.id, dueAt: this.#in(SOON_MS) },
      {
        type: 'promotion',
        message: `${found.version} is on its way into ${found.environment}.`,
        ...about,
      },
    );
  }

  async #wasLiveIn(spec: ModelSpec, version: string): Promise<Set<string>> {
    const names = spec.environments.map(({ name }) => name);
    const intervals = await Promise.all(
      names.map(name =>
        this.#stores.live.ofVersion(spec.entityRef, name, version),
      ),
    );
    return new Set(names.filter((_, index) => intervals[index]));
  }

  #in(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString();
  }
}
