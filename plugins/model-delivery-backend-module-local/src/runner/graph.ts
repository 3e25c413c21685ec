import type { ModelToml } from './modelToml';

/** What a run is for: which jobs the graph has. */
export type RunPlan = 'full' | 'check' | 'evaluation';

export interface PlannedJob {
  id: string;
  name: string;
  /** Jobs of one matrix share it. */
  group: string | null;
  needs: string[];
  /** What `python -m <package>` is given; null for the job that the engine does itself. */
  args: string[] | null;
  /** Has the machine to itself. */
  alone: boolean;
  /** Ends within seconds, whatever the size of the data. */
  short: boolean;
}

const SHORT = ['lint', 'select', 'card', 'sbom', 'package', 'register'];

/**
 * The contract's graph as jobs, in the order in which people read them.
 *
 * `full` registers, `check` is all but that, `evaluation` judges one version again.
 */
export function planJobs(plan: RunPlan, model: ModelToml): PlannedJob[] {
  if (plan === 'evaluation') return [job('evaluate', [])];
  const train = model.train.variants.flatMap(variant =>
    model.train.seeds.map(seed => ({
      ...job(`train-${variant}-${seed}`, [
        'lint',
        'test-unit',
        'data-validate',
      ]),
      name: `train ${variant} · ${seed}`,
      group: 'train',
      args: ['train', '--variant', variant, '--seed', String(seed)],
    })),
  );
  const jobs = [
    job('lint', []),
    job('test-unit', []),
    job('data-validate', []),
    ...train,
    job(
      'select',
      train.map(({ id }) => id),
    ),
    job('evaluate', ['select']),
    job('test-behaviour', ['select']),
    { ...job('perf', ['evaluate', 'test-behaviour']), alone: true },
    job('test-integration', ['perf']),
    job('card', ['test-integration']),
    job('sbom', ['test-integration']),
    job('package', ['card', 'sbom']),
  ];
  return plan === 'check'
    ? jobs
    : [...jobs, { ...job('register', ['package']), args: null }];
}

function job(verb: string, needs: string[]): PlannedJob {
  return {
    id: verb,
    name: verb,
    group: null,
    needs,
    args: [verb],
    alone: false,
    short: SHORT.includes(verb),
  };
}
