import { createHash } from 'node:crypto';

const JOBS = 6;
const HISTORY = 2;
/** From its start to its end, in seconds of the simulated clock. */
const RUN_SECONDS = 900;
export const LIMIT = 5_000;

interface Run {
  id: number;
  startedAt: number;
}

/**
 * As much of GitHub as its budget needs: repositories whose runs come and go by a simulated clock,
 * ETags, and the headers of the limit. Times are milliseconds.
 */
export class SimulatedGithub {
  readonly #now: () => number;
  counted = 0;
  unchanged = 0;
  /** While it is not limited, what was asked is counted and nothing is used up. */
  limited = false;
  #remaining = LIMIT;
  #resetsAt = 0;
  readonly #runs = new Map<string, Run[]>();
  #nextId = 1;

  constructor(now: () => number, models: number) {
    this.#now = now;
    for (let m = 0; m < models; m++) {
      const runs = Array.from({ length: HISTORY }, (_, n) => ({
        id: (this.#nextId += 1),
        startedAt: now() - (HISTORY - n) * 86_400_000,
      }));
      this.#runs.set(`acme/model-${m}`, runs);
    }
  }

  /**
   * Begins a run; its webhooks are told with the time at which GitHub sends them.
   *
   * @returns when it ends.
   */
  begin(
    repository: string,
    deliver: (at: number, event: string, body: object) => void,
  ): { id: number; endsAt: number } {
    const run = { id: (this.#nextId += 1), startedAt: this.#now() };
    this.#runs.get(repository)!.push(run);
    const endsAt = run.startedAt + RUN_SECONDS * 1000;
    const send = (at: number, event: string, action?: string) =>
      deliver(at, event, {
        action,
        repository: {
          full_name: repository,
          html_url: `https://github.com/${repository}`,
        },
      });
    send(run.startedAt, 'push');
    send(run.startedAt, 'workflow_run', 'requested');
    send(run.startedAt + 1, 'workflow_run', 'in_progress');
    for (let job = 0; job < JOBS; job++) {
      const { from, to } = timesOf(run, job);
      send(run.startedAt, 'workflow_job', 'queued');
      send(from, 'workflow_job', 'in_progress');
      send(to, 'workflow_job', 'completed');
    }
    send(endsAt, 'workflow_run', 'completed');
    return { id: run.id, endsAt };
  }

  fetch = async (
    url: string,
    init: { headers?: Record<string, string> },
  ): Promise<Response> => {
    const path = new URL(url).pathname;
    const body = JSON.stringify(this.#answer(path));
    const etag = `"${createHash('sha1').update(body).digest('base64')}"`;
    const same = init.headers?.['if-none-match'] === etag;
    if (same) this.unchanged += 1;
    else this.counted += 1;
    return new Response(same ? null : body, {
      status: same ? 304 : 200,
      headers: {
        etag,
        'content-type': 'application/json; charset=utf-8',
        ...this.#limits(same),
      },
    });
  };

  #limits(same: boolean): Record<string, string> {
    if (this.#now() >= this.#resetsAt) {
      this.#resetsAt = this.#now() + 3_600_000;
      this.#remaining = LIMIT;
    }
    if (this.limited && !same) this.#remaining -= 1;
    return {
      'x-ratelimit-limit': String(LIMIT),
      'x-ratelimit-remaining': String(Math.max(0, this.#remaining)),
      'x-ratelimit-reset': String(Math.ceil(this.#resetsAt / 1000)),
    };
  }

  #answer(path: string): unknown {
    const [, , owner, name, ...rest] = path.split('/');
    const repository = `${owner}/${name}`;
    const runs = this.#runs.get(repository) ?? [];
    if (rest[0] === 'deployments') return [];
    const id = Number(rest[2]);
    const run = runs.find(one => one.id === id);
    if (rest.includes('artifacts')) return { artifacts: [] };
    if (run) return { total_count: JOBS, jobs: this.#jobs(run) };
    return {
      workflow_runs: [...runs]
        .reverse()
        .slice(0, 11)
        .map(one => this.#run(repository, one)),
    };
  }

  #run(repository: string, { id, startedAt }: Run): object {
    const endsAt = startedAt + RUN_SECONDS * 1000;
    const ended = this.#now() >= endsAt;
    return {
      id,
      name: 'model',
      path: '.github/workflows/model.yaml',
      display_title: 'Change',
      run_number: id,
      run_attempt: 1,
      event: 'push',
      status: ended ? 'completed' : 'in_progress',
      conclusion: ended ? 'success' : null,
      head_branch: 'main',
      head_sha: 'a'.repeat(40),
      created_at: iso(startedAt),
      run_started_at: iso(startedAt),
      updated_at: iso(ended ? endsAt : startedAt),
      html_url: `https://github.com/${repository}/actions/runs/${id}`,
      actor: { login: 'ada' },
      triggering_actor: { login: 'ada' },
      head_commit: { message: 'Change', author: { name: 'Ada' } },
    };
  }

  #jobs(run: Run): object[] {
    return Array.from({ length: JOBS }, (_, job) => {
      const { from, to } = timesOf(run, job);
      const begun = this.#now() >= from;
      const ended = this.#now() >= to;
      return {
        id: run.id * 100 + job,
        run_id: run.id,
        run_attempt: 1,
        name: `job-${job}`,
        status: statusOf(begun, ended),
        conclusion: ended ? 'success' : null,
        created_at: iso(run.startedAt),
        started_at: begun ? iso(from) : null,
        completed_at: ended ? iso(to) : null,
        html_url: null,
        steps: [],
      };
    });
  }
}

/** One job after the other. */
function timesOf(run: Run, job: number): { from: number; to: number } {
  const each = (RUN_SECONDS * 1000) / JOBS;
  return {
    from: run.startedAt + job * each + 2,
    to: run.startedAt + (job + 1) * each - 2,
  };
}

function statusOf(begun: boolean, ended: boolean): string {
  if (ended) return 'completed';
  return begun ? 'in_progress' : 'queued';
}

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
