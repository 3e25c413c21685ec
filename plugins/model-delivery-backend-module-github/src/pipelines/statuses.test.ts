import { jobVerdict, runVerdict } from './statuses';

describe('what GitHub’s two words mean', () => {
  it.each([
    ['queued', null, 'queued'],
    ['requested', null, 'queued'],
    ['pending', null, 'queued'],
    ['in_progress', null, 'running'],
    ['waiting', null, 'waiting'],
    ['completed', 'success', 'passed'],
    ['completed', 'neutral', 'passed'],
    ['completed', 'failure', 'failed'],
    ['completed', 'timed_out', 'failed'],
    ['completed', 'startup_failure', 'failed'],
    ['completed', 'cancelled', 'cancelled'],
    ['completed', 'skipped', 'skipped'],
    ['completed', 'stale', 'interrupted'],
    ['completed', 'action_required', 'waiting'],
  ])('%s and %s are %s', (status, conclusion, expected) => {
    expect(jobVerdict(status, conclusion).status).toBe(expected);
  });

  it('does not take a word that it does not know for a good end', () => {
    expect(jobVerdict('completed', 'sideways')).toEqual({
      status: 'interrupted',
      reason: 'GitHub reports that the run ended, without a result (sideways).',
    });
    expect(jobVerdict('completed', null).status).toBe('interrupted');
  });

  it('says of a run whose jobs were all skipped that nothing ran', () => {
    expect(runVerdict('completed', 'skipped')).toEqual({
      status: 'cancelled',
      reason: 'All of its jobs were skipped, so nothing ran.',
    });
  });
});
