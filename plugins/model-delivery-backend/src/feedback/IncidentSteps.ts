import { NotFoundError } from '@backstage/errors';
import type {
  FeedbackRule,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import { compareVersions } from '../aggregation/compareVersions';
import type { HeldIncident } from '../database/incidentRows';
import type { IncidentMove } from '../database/IncidentStore';
import { ENDED } from '../database/RunStore';
import type { Stores } from '../database/stores';
import { decideFeedback, ruleKey } from '../policy/feedbackRules';
import type { LabelledComparison } from './LabelledComparison';
import type { PromotionRequest } from './PromotionRequest';
import type { Retraining } from './Retraining';
import type { RuleActions } from './RuleActions';
import { again, ended, held, moved, replaced } from './stepResults';

const SOON_MS = 5_000;
const DAY_MS = 86_400_000;
/** A run or evidence that is not known after this long is a result. */
const PATIENCE_MS = 600_000;

export interface FeedbackLimits {
  retrainsPerDay: number;
  dryRun: boolean;
}

interface Parts {
  stores: Stores;
  retraining: Retraining;
  promotion: PromotionRequest;
  actions: RuleActions;
  labelled: LabelledComparison;
  limits: FeedbackLimits;
  now: () => Date;
}

/** What comes next for an incident. A step may be repeated at any time: what it begins, begins once. */
export class IncidentSteps {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws where a source fails; the caller tries again. */
  async take(incident: HeldIncident): Promise<void> {
    const { stores } = this.#parts;
    const model = await stores.models.get(incident.entityRef);
    const rule = model?.spec.feedback.find(
      declared => ruleKey(declared) === incident.ruleKey,
    );
    // The watch closes it with the next reading, or the model is gone.
    if (!model || !rule) return this.#record(incident, again(null));
    const { spec } = model;
    const live = (await stores.live.current(spec.entityRef)).get(
      incident.environment,
    );
    if (incident.version && live && live.version !== incident.version) {
      return this.#record(incident, replaced(incident, live.version));
    }
    switch (incident.phase) {
      case 'acting':
        return this.#act(spec, rule, incident);
      case 'training':
        return this.#record(
          incident,
          incident.runId === null
            ? await this.#train(spec, incident)
            : await this.#followRun(spec, incident, incident.runId),
        );
      case 'promoting':
        return this.#record(
          incident,
          incident.candidate === null
            ? again(null)
            : await this.#parts.promotion.next(spec, incident),
        );
      default:
        return this.#record(incident, again(null));
    }
  }

  async #act(
    spec: ModelSpec,
    rule: FeedbackRule,
    incident: HeldIncident,
  ): Promise<void> {
    const { stores, limits, now } = this.#parts;
    const at = now().toISOString();
    const [off] = await stores.switches.off(spec.entityRef);
    const decision = decideFeedback(rule, {
      now: at,
      dryRun: limits.dryRun,
      off: off
        ? `Feedback is switched off for ${off.scope === 'all' ? 'all models' : 'this model'} by ${off.by}: ${off.reason}`
        : null,
      actedAt: await stores.incidents.lastActedAt(incident),
      isTraining: await stores.incidents.isTraining(spec.entityRef),
      retrainedAt: await stores.incidents.retrainedSince(
        spec.entityRef,
        new Date(now().getTime() - DAY_MS).toISOString(),
      ),
      retrainsPerDay: limits.retrainsPerDay,
    });
    if (decision.do === 'wait') {
      const { why, until } = decision;
      return this.#record(incident, held(incident, why, until));
    }
    if (decision.do === 'describe') {
      const message = `Dry run: it would ${describe(rule, incident)}. Nothing was done.`;
      return this.#record(incident, {
        phase: 'watching',
        message,
        dueAt: null,
        events: [{ type: 'dry-run', by: 'system', message }],
      });
    }
    if (rule.then === 'retrain') return this.#beginRetrain(incident, at);
    const done =
      rule.then === 'rollback'
        ? await this.#parts.actions.rollBack(spec, incident)
        : await this.#parts.actions.notify(spec, incident);
    return this.#record(incident, done);
  }

  async #beginRetrain(incident: HeldIncident, at: string): Promise<void> {
    const { stores, limits, now } = this.#parts;
    const outcome = await stores.incidents.beginRetrain(
      incident,
      moved(
        { phase: 'training', actedAt: at, dueAt: at },
        { type: 'action', message: 'The rule has the model trained again.' },
      ),
      limits.retrainsPerDay,
      now().toISOString(),
    );
    // Another replica was first: the next step says what it waits for.
    if (outcome === 'busy' || outcome === 'spent') {
      await this.#record(incident, again(this.#in(SOON_MS)));
    }
  }

  async #train(spec: ModelSpec, incident: HeldIncident): Promise<IncidentMove> {
    let begun;
    try {
      begun = await this.#parts.retraining.begin(spec, incident);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      return { ...ended(`No training: ${error.message}.`), notRetrained: true };
    }
    if ('unchanged' in begun) {
      return { ...ended(begun.unchanged), notRetrained: true };
    }
    const { runId, data } = begun;
    return moved(
      { runId, dueAt: this.#in(SOON_MS) },
      {
        type: 'run',
        message: `Training began. ${data ?? 'The project told of no new data.'}`,
        runId,
      },
    );
  }

  async #followRun(
    spec: ModelSpec,
    incident: HeldIncident,
    runId: string,
  ): Promise<IncidentMove> {
    const { stores, now } = this.#parts;
    const found = await stores.runs.get(spec.entityRef, runId);
    if (!found || !ENDED.includes(found.run.status)) {
      return again(this.#in(SOON_MS));
    }
    const { run } = found;
    if (run.version === null) {
      return ended(
        `Run ${run.number} registered no version (${run.status})${run.reason ? `: ${run.reason}` : '.'}`,
        { runId },
      );
    }
    const finished = Date.parse(run.finishedAt ?? incident.movedAt);
    const isPatient = now().getTime() - finished < PATIENCE_MS;
    const names = [
      run.version,
      ...(incident.version ? [incident.version] : []),
    ];
    const versions = await stores.versions.find(spec.entityRef, names);
    const candidate = versions.get(run.version);
    const evidence = await stores.versions.evidenceOf(
      spec.entityRef,
      'version',
      names,
    );
    if (isPatient && (!candidate || !evidence.get(run.version)?.length)) {
      return again(this.#in(SOON_MS));
    }
    if (!candidate) {
      return ended(`The registry does not have ${run.version}.`, { runId });
    }
    const version = candidate.version;
    if (candidate.status === 'rejected') {
      return ended(
        `${version} was rejected by its pipeline: ${candidate.reasons.join('; ') || 'no reason was given'}`,
        { runId, version },
      );
    }
    const baseline = incident.version && versions.get(incident.version);
    const compared = baseline
      ? compareVersions(
          [baseline, candidate].map(v => ({
            ...v,
            liveIn: [],
            evidence: evidence.get(v.version) ?? [],
          })),
        ).summary
      : 'There is no live version to compare it with.';
    return moved(
      {
        phase: 'promoting',
        candidate: version,
        dueAt: now().toISOString(),
      },
      {
        type: 'candidate',
        message: `Run ${run.number} registered ${version}.`,
        runId,
        version,
      },
      {
        type: 'comparison',
        message: await this.#parts.labelled.describe(
          spec,
          incident,
          version,
          run.createdAt,
        ),
        version,
      },
      { type: 'comparison', message: compared, version },
    );
  }

  async #record(incident: HeldIncident, move: IncidentMove): Promise<void> {
    const { stores, now } = this.#parts;
    const at = now().toISOString();
    const written = await stores.incidents.move(incident, move, at);
    // Somebody changed it meanwhile: the next step sees how.
    if (!written) await stores.incidents.release(incident, at);
  }

  #in(ms: number): string {
    return new Date(this.#parts.now().getTime() + ms).toISOString();
  }
}

function describe({ then }: FeedbackRule, { environment }: HeldIncident) {
  if (then === 'retrain') return 'train the model again';
  if (then === 'rollback') return `roll ${environment} back`;
  return 'notify the owner';
}
