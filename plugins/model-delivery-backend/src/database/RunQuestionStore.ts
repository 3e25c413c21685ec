import type { RunQuestion } from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { type LeasedRow, Leases, RELEASED } from './Leases';

type Row = LeasedRow & {
  id: string;
  provider: string;
  subject: string;
  target_key: string;
  run_id: string;
  asked_at: string;
  deployment_id: string | null;
  report: string | null;
  reports: number;
  attempts: number;
  error: string | null;
  answer: string | null;
  settled_at: string | null;
  revision: number;
  due_at: string | null;
};

/** A run that asks whether it may deploy, under a lease. */
export interface HeldQuestion extends RunQuestion {
  askedAt: string;
  /** The deployment that decides on the answer, once it is known. */
  deploymentId: string | null;
  /** What was reported last while there was no answer, and how often something was. */
  report: string | null;
  reports: number;
  attempts: number;
  error: string | null;
  revision: number;
  leaseToken: string;
}

/** What a step learned about a question. */
interface QuestionNews {
  deploymentId?: string;
  report?: { text: string; count: number };
  attempts?: number;
  error?: string | null;
}

/** Runs of outside systems that ask whether they may deploy, until each is answered. */
export class RunQuestionStore {
  readonly #knex: Knex;
  readonly #leases: Leases<Row>;

  constructor(knex: Knex) {
    this.#knex = knex;
    this.#leases = new Leases<Row>(knex, 'run_question', ['id']);
  }

  /** Stores a question once. */
  async ask(question: RunQuestion, now: string): Promise<void> {
    await this.#knex('run_question')
      .insert({
        id: question.id,
        provider: question.provider,
        subject: question.subject,
        target_key: question.targetKey,
        run_id: question.runId,
        asked_at: now,
        due_at: now,
      })
      .onConflict('id')
      .ignore();
  }

  /** Claims due questions, those due longest first. */
  async claim(lease: {
    now: string;
    until: string;
    limit: number;
  }): Promise<HeldQuestion[]> {
    const rows = await this.#leases.claim(
      query => query.where('due_at', '<=', lease.now).orderBy('due_at'),
      lease,
    );
    return rows.map(row => ({
      id: row.id,
      provider: row.provider,
      subject: row.subject,
      targetKey: row.target_key,
      runId: row.run_id,
      askedAt: row.asked_at,
      deploymentId: row.deployment_id,
      report: row.report,
      reports: Number(row.reports),
      attempts: Number(row.attempts),
      error: row.error,
      revision: Number(row.revision),
      leaseToken: row.lease_token,
    }));
  }

  /** When a question that nobody holds is due next; null where none is. */
  async nextDueAt(now: string): Promise<string | null> {
    return this.#leases.nextDueAt(now);
  }

  /** Records what a step learned, while its lease is its own. */
  async note(held: HeldQuestion, news: QuestionNews): Promise<void> {
    await this.#mine(held).update({
      ...(news.deploymentId && { deployment_id: news.deploymentId }),
      ...(news.report && {
        report: news.report.text,
        reports: news.report.count,
      }),
      ...(news.attempts !== undefined && { attempts: news.attempts }),
      ...(news.error !== undefined && { error: news.error }),
    });
  }

  /** Ends a question, and the lease. */
  async settle(
    held: HeldQuestion,
    answer: 'approved' | 'rejected' | 'none',
    now: string,
  ): Promise<void> {
    await this.#mine(held).update({
      ...RELEASED,
      answer,
      settled_at: now,
      due_at: null,
    });
  }

  /**
   * Ends a lease.
   *
   * @param dueAt - when to look again; null where the deployment wakes it. Ignored where something made
   *   it due meanwhile.
   */
  async release(held: HeldQuestion, dueAt: string | null): Promise<void> {
    const unchanged = await this.#mine(held)
      .where('revision', held.revision)
      .update({ ...RELEASED, due_at: dueAt });
    if (unchanged === 0) await this.#mine(held).update(RELEASED);
  }

  /** The run that asked for a deployment and carries it out, if one did. */
  async runOf(deploymentId: string): Promise<string | null> {
    const row: Row | undefined = await this.#knex('run_question as q')
      .join('deployment as d', 'd.id', 'q.deployment_id')
      .select('q.*')
      .where('q.deployment_id', deploymentId)
      // Of the questions about a deployment, the one that it was requested by.
      .where('d.request_key', this.#knex.ref('q.id'))
      .first();
    return row?.run_id ?? null;
  }

  #mine(held: HeldQuestion) {
    return this.#knex('run_question').where({
      id: held.id,
      lease_token: held.leaseToken,
    });
  }
}

/** Names the deployment that decides on a question, in the transaction that creates it. */
export async function decideQuestion(
  trx: Knex.Transaction,
  id: string,
  deploymentId: string,
): Promise<void> {
  await trx('run_question')
    .where({ id })
    .update({ deployment_id: deploymentId });
}

/** Makes the questions that a deployment decides on due, in the transaction that moves it. */
export async function wakeQuestions(
  trx: Knex.Transaction,
  deploymentId: string,
  now: string,
): Promise<void> {
  await trx('run_question')
    .where('deployment_id', deploymentId)
    .whereNull('settled_at')
    .update({ due_at: now, revision: trx.raw('revision + 1') });
}
