import { isDeepStrictEqual } from 'node:util';
import { NotFoundError } from '@backstage/errors';
import type {
  GateResult,
  GateWait,
  ModelSpec,
  Rollout,
} from '@slipway/plugin-model-delivery-common/schema';
import type {
  KnownAuthors,
  StoredDeployment,
} from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import type { Review } from '../database/WaitingStore';
import { planRollout } from '../policy/planRollout';
import { approvalsWait, expiryOf, reviewersOf } from '../policy/approvals';
import { earliest } from '../policy/changesAt';
import { asksPeople, describeWaits, sortWaits } from '../policy/waits';
import type { Targets } from '../providers/Targets';
import type { AuthorFinder } from './AuthorFinder';
import { environmentOf } from './environmentOf';
import { evaluateGatesFor, type Judged } from './evaluateGatesFor';

/** How soon to ask again who wrote the commits, where nobody could tell. */
const AUTHORS_AGAIN_MS = 60_000;
/** A wait that says that it has ended is looked at again no sooner. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Reviews deployments that wait: with the entity, the evidence and the live version as they are now. A
 * review may be repeated at any time.
 */
export class WaitingDeployments {
  readonly #stores: Stores;
  readonly #targets: Targets;
  readonly #authors: AuthorFinder;
  readonly #now: () => Date;

  constructor(options: {
    stores: Stores;
    targets: Targets;
    authors: AuthorFinder;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#targets = options.targets;
    this.#authors = options.authors;
    this.#now = options.now;
  }

  /**
   * Lets approvals lapse that were given for other results, and releases, refuses or expires the
   * deployment where it is time.
   *
   * @returns the deployment as it is now, or undefined when it changed since it was seen or the lease
   *   was lost.
   */
  async review<D extends StoredDeployment>(
    seen: D,
    signal: AbortSignal,
  ): Promise<D | undefined> {
    const model = await this.#stores.models.get(seen.entityRef);
    if (!model) {
      return this.#refuse(seen, 'Its model is not in the catalog any more.');
    }
    const { spec } = model;
    let judged: Judged;
    try {
      judged = await this.#judge(spec, seen);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      return this.#refuse(seen, `${error.message}.`);
    }
    const { report } = judged;
    if (report.liveVersion === seen.version) {
      return this.#refuse(
        seen,
        `${seen.version} is live in ${seen.environment} already.`,
      );
    }
    if (report.outcome === 'fail') {
      return this.#refuse(seen, report.summary, report.gates);
    }
    return this.#weigh(seen, spec, judged, signal);
  }

  /** When a deployment that waits is to be reviewed by itself; null where others wake it. */
  nextLookAt(waiting: StoredDeployment): string | null {
    const nowMs = this.#now().getTime();
    const times: number[] = [];
    const end = earliest(waiting.waits.map(wait => wait.until));
    if (end) times.push(Date.parse(end));
    if (waiting.expiresAt && asksPeople(waiting.waits)) {
      times.push(Date.parse(waiting.expiresAt));
    }
    if (waiting.authors?.problem) times.push(nowMs + AUTHORS_AGAIN_MS);
    if (times.length === 0) return null;
    const next = Math.max(Math.min(...times), nowMs + LOOK_AGAIN_MS);
    return new Date(next).toISOString();
  }

  async #weigh<D extends StoredDeployment>(
    seen: D,
    spec: ModelSpec,
    { report, digest, gateHash }: Judged,
    signal: AbortSignal,
  ): Promise<D | undefined> {
    const { approvals: rule, strategy } = environmentOf(spec, seen.environment);
    const lapse = lapseOf(seen, digest, gateHash);
    const counted = lapse ? 0 : await this.#counted(seen);
    const waits = sortWaits([
      ...report.waits.filter(wait => wait.kind !== 'approvals'),
      ...approvalsWait(rule, counted),
    ]);
    const expiresAt = expiryOf(rule, seen.requestedAt);
    if (expiresAt && asksPeople(waits) && expiresAt <= this.#at()) {
      return this.#stores.execution.transition(
        seen,
        {
          trigger: 'expire',
          message: `Expired: not approved until ${expiresAt}. Request it again to ask again.`,
          by: 'system',
        },
        this.#at(),
      );
    }
    const admitted = report.outcome !== 'unknown';
    const found: Review = {
      gates: report.gates,
      waits,
      digest,
      gateHash,
      expiresAt,
      reviewers: reviewersOf(rule),
      authors: rule?.notByAuthors
        ? await this.#authors.find(
            spec,
            { live: report.liveVersion, next: seen.version },
            seen.authors,
            signal,
          )
        : null,
      lapse,
      fromVersion: report.liveVersion,
      rollout: strategy && report.liveVersion ? planRollout(strategy) : null,
      released: admitted && waits.length === 0,
      message: admitted ? messageOf(waits, seen) : report.summary,
    };
    return isNews(seen, found)
      ? this.#stores.waiting.record(seen, found, this.#at())
      : seen;
  }

  /** Without the evidence of versions that left, and with the environment as it is declared now. */
  #judge(spec: ModelSpec, seen: StoredDeployment): Promise<Judged> {
    return evaluateGatesFor(
      { stores: this.#stores, targets: this.#targets },
      spec,
      seen.environment,
      seen.version,
      this.#at(),
    );
  }

  async #counted({ id }: StoredDeployment): Promise<number> {
    const decisions = await this.#stores.approvals.of(id);
    return decisions.filter(d => d.decision === 'approve' && !d.lapsed).length;
  }

  #refuse<D extends StoredDeployment>(
    seen: D,
    message: string,
    gates?: GateResult[],
  ): Promise<D | undefined> {
    return this.#stores.execution.transition(
      seen,
      { trigger: 'refuse', message, by: 'system', gates },
      this.#at(),
    );
  }

  #at(): string {
    return this.#now().toISOString();
  }
}

/** What a deployment says of its waits. */
export function messageOf(
  waits: GateWait[],
  { version }: { version: string },
): string {
  return waits.length > 0
    ? describeWaits(waits)
    : `Nothing holds ${version} back any more. Queued.`;
}

/** Why approvals that were given do not count for these results. */
function lapseOf(
  seen: StoredDeployment,
  digest: string | null,
  gateHash: string,
): string | null {
  if (seen.digest !== digest) {
    return `The digest of ${seen.version} changed.`;
  }
  return seen.gateHash === gateHash ? null : 'The gate results changed.';
}

function isNews(seen: StoredDeployment, found: Review): boolean {
  const facts = (of: {
    gates: GateResult[];
    waits: GateWait[];
    gateHash: string | null;
    digest: string | null;
    expiresAt: string | null;
    authors: KnownAuthors | null;
    fromVersion: string | null;
    rollout: Rollout | null;
  }) => [
    [of.gates, of.waits, of.gateHash, of.digest],
    [of.expiresAt, of.authors, of.fromVersion, of.rollout],
  ];
  return found.released || !isDeepStrictEqual(facts(seen), facts(found));
}
