import { createHash } from 'node:crypto';
import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import {
  type OutsideReview,
  ProviderError,
  type RunQuestion,
  type RunQuestionsExtensionPoint,
  WakeLoop,
} from '@slipway/plugin-model-delivery-node';
import type { HeldQuestion } from '../database/RunQuestionStore';
import type { Stores } from '../database/stores';
import { problemOf } from '../providers/problemOf';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import type { RunAnswerer } from './RunAnswerer';

const CALL_TIMEOUT_MS = 20_000;
const LEASE_MS = 120_000;
const AT_ONCE = 8;
/** How often to look for questions that another process left behind. */
const SWEEP_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** After which a run that was never answered fails on GitHub. */
const MAX_AGE_MS = 30 * 24 * 3_600_000;

/**
 * Answers the runs that ask whether they may deploy, each under a lease, until the outside system took
 * the answer. A question about a deployment is woken by the transitions of that deployment.
 */
export class RunQuestions implements RunQuestionsExtensionPoint {
  readonly #stores: Stores;
  readonly #registry: ProviderRegistry;
  readonly #answerer: RunAnswerer;
  readonly #onRequested: () => void;
  readonly #auditor: AuditorService;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #ended = new AbortController();
  readonly #loop = new WakeLoop(() => this.#answerAndPlan());

  constructor(options: {
    stores: Stores;
    registry: ProviderRegistry;
    answerer: RunAnswerer;
    /** Called after a question can have requested a deployment. */
    onRequested: () => void;
    auditor: AuditorService;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#stores = options.stores;
    this.#registry = options.registry;
    this.#answerer = options.answerer;
    this.#onRequested = options.onRequested;
    this.#auditor = options.auditor;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#ended.abort(new Error('The backend is stopping.'));
    await this.#loop.stop();
  }

  async ask(question: RunQuestion): Promise<void> {
    const { provider, targetKey, runId, id } = question;
    await this.#stores.questions.ask(
      {
        ...question,
        id: createHash('sha256')
          .update(JSON.stringify([provider, targetKey, runId, id]))
          .digest('hex'),
      },
      this.#now().toISOString(),
    );
    this.wake();
  }

  async reviewed(review: OutsideReview): Promise<void> {
    const provider = this.#registry.find('deployments', review.provider);
    const [place] = await this.#answerer.placesOf(review);
    if (!provider?.getAskingRun || !place) return;
    const { deploymentId } = await provider.getAskingRun(
      place.target,
      review.runId,
      { signal: AbortSignal.timeout(CALL_TIMEOUT_MS) },
    );
    const found =
      deploymentId && (await this.#stores.deployments.get(deploymentId));
    if (!found || found.targetKey !== review.targetKey) return;
    const comment = review.comment.replace(/[\p{Cc}\s]+/gu, ' ').trim();
    await this.#stores.deployments.remark(
      found.id,
      {
        title: `Review on ${provider.title} by ${review.by}`,
        detail: `${review.decision}${comment ? `, "${comment}"` : ''}. It is no approval of Slipway.`,
      },
      this.#now().toISOString(),
    );
  }

  /** Looks for due questions now, once started. Never throws. */
  wake(): void {
    this.#loop.wake();
  }

  /** One step of each question that is due. */
  async answerDue(): Promise<void> {
    const now = this.#now();
    const claimed = await this.#stores.questions.claim({
      now: now.toISOString(),
      until: new Date(now.getTime() + LEASE_MS).toISOString(),
      limit: AT_ONCE,
    });
    await Promise.all(claimed.map(async held => this.#step(held)));
    if (claimed.length > 0) this.#onRequested();
  }

  /** @returns in how many milliseconds to look again. */
  async #answerAndPlan(): Promise<number> {
    try {
      await this.answerDue();
      const now = this.#now();
      const next = await this.#stores.questions.nextDueAt(now.toISOString());
      if (next) {
        const inMs = Date.parse(next) - now.getTime();
        return Math.min(SWEEP_MS, Math.max(0, inMs));
      }
    } catch (error) {
      this.#logger.error('Due questions could not be loaded', error as Error);
    }
    return SWEEP_MS;
  }

  async #step(held: HeldQuestion): Promise<void> {
    const { questions } = this.#stores;
    const nowMs = this.#now().getTime();
    const at = new Date(nowMs).toISOString();
    if (nowMs - Date.parse(held.askedAt) > MAX_AGE_MS) {
      return questions.settle(held, 'none', at);
    }
    const pauseMs = Math.min(
      LONGEST_PAUSE_MS,
      FIRST_PAUSE_MS * 2 ** Math.min(20, held.attempts),
    );
    const again = (ms: number) => new Date(nowMs + ms).toISOString();
    try {
      const answered = await this.#answerer.answer(
        held,
        AbortSignal.any([
          this.#ended.signal,
          AbortSignal.timeout(CALL_TIMEOUT_MS),
        ]),
      );
      if ('settled' in answered) {
        if (answered.settled !== 'none') {
          await this.#audit(held, answered.settled);
        }
        return await questions.settle(held, answered.settled, at);
      }
      const isSoon = answered.again === 'soon';
      await questions.note(held, {
        attempts: isSoon ? held.attempts + 1 : 0,
        error: null,
      });
      return await questions.release(held, isSoon ? again(pauseMs) : null);
    } catch (error) {
      const problem = problemOf(error, CALL_TIMEOUT_MS);
      this.#logger.warn(
        `Run ${held.runId} of ${held.subject} could not be answered: ${problem.kind}: ${problem.message}`,
      );
      if (error instanceof ProviderError && error.kind === 'not-found') {
        return questions.settle(held, 'none', at);
      }
      await questions.note(held, {
        attempts: held.attempts + 1,
        error: problem.message,
      });
      const waitMs = Math.max(pauseMs, (problem.retryAfter ?? 0) * 1000);
      return questions.release(held, again(waitMs));
    }
  }

  async #audit(held: HeldQuestion, answer: string): Promise<void> {
    const { provider, targetKey, runId } = held;
    const event = await this.#auditor.createEvent({
      eventId: 'answer-run',
      severityLevel: 'medium',
      meta: { provider, target: targetKey, run: runId, answer },
    });
    await event.success();
  }
}
