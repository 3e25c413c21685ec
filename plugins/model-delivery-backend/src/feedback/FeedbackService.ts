import { ConflictError, NotFoundError } from '@backstage/errors';
import type {
  FeedbackChange,
  FeedbackStatus,
  FeedbackSwitch,
  IncidentDetail,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import { shownIncident } from '../database/incidentRows';
import type { Stores } from '../database/stores';
import type { FeedbackLimits } from './IncidentSteps';

const DAY_MS = 86_400_000;
const CHANGES_SHOWN = 20;

/** What people see of incidents, and decide on them. */
export class FeedbackService {
  readonly #stores: Stores;
  readonly #limits: FeedbackLimits;
  readonly #onChanged: () => void;
  readonly #now: () => Date;

  constructor(options: {
    stores: Stores;
    limits: FeedbackLimits;
    /** Called where there may be something to do. */
    onChanged: () => void;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#limits = options.limits;
    this.#onChanged = options.onChanged;
    this.#now = options.now;
  }

  /** @throws NotFoundError */
  async get(spec: ModelSpec, id: string): Promise<IncidentDetail> {
    const found = await this.#stores.incidents.get(spec.entityRef, id);
    if (!found) throw new NotFoundError(`${spec.name} has no incident ${id}`);
    return {
      ...shownIncident(found),
      thread: await this.#stores.incidents.thread(id),
    };
  }

  async status(spec: ModelSpec): Promise<Omit<FeedbackStatus, 'replays'>> {
    const since = new Date(this.#now().getTime() - DAY_MS).toISOString();
    const retrained = await this.#stores.incidents.retrainedSince(
      spec.entityRef,
      since,
    );
    return {
      rules: spec.feedback.length,
      off: await this.#stores.switches.off(spec.entityRef),
      ...this.#limits,
      retrainsLastDay: retrained.length,
    };
  }

  /** Of all models. */
  async statusOfAll(): Promise<
    FeedbackLimits & { off: FeedbackSwitch | null; changes: FeedbackChange[] }
  > {
    const { switches } = this.#stores;
    const [off] = await switches.off(null);
    return {
      off: off ?? null,
      ...this.#limits,
      changes: await switches.changesOfAll(CHANGES_SHOWN),
    };
  }

  /** @throws ConflictError where it is closed, or moves at this moment. */
  async dismiss(
    spec: ModelSpec,
    id: string,
    order: { by: string; reason: string },
  ): Promise<IncidentDetail> {
    const found = await this.#stores.incidents.get(spec.entityRef, id);
    if (!found) throw new NotFoundError(`${spec.name} has no incident ${id}`);
    if (found.closedAt !== null) {
      throw new ConflictError(
        `The incident was closed at ${found.closedAt} (${found.cause})`,
      );
    }
    const message = `Dismissed: ${order.reason}`;
    const dismissed = await this.#stores.incidents.move(
      found,
      {
        phase: 'closed',
        cause: 'dismissed',
        message,
        dueAt: null,
        events: [{ type: 'closed', by: order.by, message }],
      },
      this.#now().toISOString(),
    );
    if (!dismissed) {
      throw new ConflictError(
        'The incident went on at this moment; look at it, and dismiss it again',
      );
    }
    return this.get(spec, id);
  }

  /** @param entityRef - null for all models. @returns what is off now. */
  async switch(
    entityRef: string | null,
    order: { on: boolean; by: string; reason: string },
  ): Promise<FeedbackSwitch[]> {
    const { switches, incidents } = this.#stores;
    const now = this.#now().toISOString();
    await switches.set(entityRef, order, now);
    await incidents.markDue(entityRef, now);
    this.#onChanged();
    return switches.off(entityRef);
  }
}
