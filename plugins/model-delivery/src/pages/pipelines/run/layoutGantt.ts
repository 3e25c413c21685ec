import type { Job } from '@slipway/plugin-model-delivery-common';

export interface GanttBar {
  /** Milliseconds from the start of the run. */
  start: number;
  end: number;
}

export interface GanttRow {
  job: Job;
  bar: GanttBar | undefined;
  critical: boolean;
}

export interface GanttGroup {
  name: string;
  rows: GanttRow[];
  bar: GanttBar | undefined;
  critical: boolean;
  /** The most of them that ran at the same time. */
  atOnce: number;
}

export interface Gantt {
  /** Milliseconds that the whole took so far. */
  total: number;
  entries: (GanttRow | GanttGroup)[];
}

export const isGroup = (entry: GanttRow | GanttGroup): entry is GanttGroup =>
  'rows' in entry;

/** Lays the jobs of a run onto one time axis; jobs of a matrix become one group. */
export function layoutGantt(jobs: Job[], now: number): Gantt {
  const starts = jobs.flatMap(job => timeOf(job.startedAt) ?? []);
  const origin = starts.length > 0 ? Math.min(...starts) : now;
  const critical = criticalPath(jobs, now);
  const rows = jobs.map(job => ({
    job,
    bar: barOf(job, origin, now),
    critical: critical.has(job.id),
  }));
  const total = Math.max(0, ...rows.map(row => row.bar?.end ?? 0));
  const entries: Gantt['entries'] = [];
  const groups = new Map<string, GanttGroup>();
  for (const row of inOrder(rows)) {
    const name = row.job.group;
    const size = jobs.filter(job => job.group === name).length;
    const known = name === null ? undefined : groups.get(name);
    if (name === null || size < 2) {
      entries.push(row);
    } else if (known) {
      known.rows.push(row);
    } else {
      const group = { name, rows: [row] } as unknown as GanttGroup;
      groups.set(name, group);
      entries.push(group);
    }
  }
  for (const group of groups.values()) {
    const bars = group.rows.flatMap(row => row.bar ?? []);
    group.bar = bars.length
      ? {
          start: Math.min(...bars.map(bar => bar.start)),
          end: Math.max(...bars.map(bar => bar.end)),
        }
      : undefined;
    group.critical = group.rows.some(row => row.critical);
    group.atOnce = mostAtOnce(bars);
  }
  return { total, entries };
}

/** The jobs that set the pace: from the one that ended last, back over what it waited for. */
export function criticalPath(jobs: Job[], now: number): Set<string> {
  const byId = new Map(jobs.map(job => [job.id, job]));
  const byName = new Map(jobs.map(job => [job.name, job]));
  const end = (job: Job) => timeOf(job.finishedAt) ?? now;
  const last = (some: Job[]) =>
    some
      .filter(job => job.startedAt !== null)
      .reduce<Job | undefined>(
        (latest, job) => (latest && end(latest) >= end(job) ? latest : job),
        undefined,
      );
  const path = new Set<string>();
  let job = last(jobs);
  while (job && !path.has(job.id)) {
    path.add(job.id);
    job = last(
      job.needs.flatMap(need => byId.get(need) ?? byName.get(need) ?? []),
    );
  }
  return path;
}

/** The most bars that overlap at one moment. */
export function mostAtOnce(bars: GanttBar[]): number {
  const moments = bars
    .flatMap(bar => [
      { at: bar.start, step: 1 },
      { at: bar.end, step: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.step - b.step);
  let running = 0;
  let most = 0;
  for (const { step } of moments) {
    running += step;
    most = Math.max(most, running);
  }
  return most;
}

/** Round steps for the axis, about eight of them. */
export function ganttTicks(total: number): number[] {
  const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
  const step =
    1000 * (seconds.find(s => total / (s * 1000) <= 9) ?? total / 8000);
  return step > 0
    ? Array.from({ length: Math.floor(total / step) + 1 }, (_, i) => i * step)
    : [0];
}

function timeOf(iso: string | null): number | undefined {
  return iso ? Date.parse(iso) : undefined;
}

function barOf(job: Job, origin: number, now: number): GanttBar | undefined {
  const start = timeOf(job.startedAt);
  if (start === undefined) return undefined;
  return {
    start: start - origin,
    end: Math.max(start, timeOf(job.finishedAt) ?? now) - origin,
  };
}

/** By when they started; those that have not, stay as they are declared. */
function inOrder(rows: GanttRow[]): GanttRow[] {
  return rows
    .map((row, index) => ({ row, index }))
    .sort(
      (a, b) =>
        (a.row.bar?.start ?? Infinity) - (b.row.bar?.start ?? Infinity) ||
        a.index - b.index ||
        0,
    )
    .map(({ row }) => row);
}
