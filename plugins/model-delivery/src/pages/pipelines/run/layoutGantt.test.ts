import { jobs, NOW } from '../../../__testUtils__/fixtures';
import {
  criticalPath,
  type GanttGroup,
  isGroup,
  layoutGantt,
  mostAtOnce,
} from './layoutGantt';

describe('layoutGantt', () => {
  it('shows jobs that ran at once beside each other', () => {
    const { entries, total } = layoutGantt(jobs, NOW);
    const train = entries.find(isGroup) as GanttGroup;
    expect(train.name).toBe('train');
    expect(train.atOnce).toBe(4);
    expect(train.rows.map(row => row.bar?.start)).toEqual(
      Array(4).fill(66_000),
    );
    expect(total).toBe(431_000);
  });

  it('finds what set the pace', () => {
    expect([...criticalPath(jobs, NOW)]).toEqual([
      'package',
      'perf',
      'select',
      'train-d',
      'test-unit',
    ]);
  });

  it('lets a running job reach to now', () => {
    const [running] = jobs.map(job => ({ ...job, finishedAt: null }));
    const { total } = layoutGantt([running], NOW);
    expect(total).toBe(NOW - Date.parse(running.startedAt!));
  });

  it('has nothing to draw before anything started', () => {
    const waiting = { ...jobs[0], startedAt: null, finishedAt: null };
    expect(layoutGantt([waiting], NOW).total).toBe(0);
  });

  it('does not count jobs that follow each other as parallel', () => {
    expect(
      mostAtOnce([
        { start: 0, end: 10 },
        { start: 10, end: 20 },
      ]),
    ).toBe(1);
  });
});
