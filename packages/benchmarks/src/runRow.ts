/** A row of the table `run`: a training that passed. */
export function runRow(entityRef: string, n: number) {
  const createdAt = new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
  return {
    entity_ref: entityRef,
    id: `run-${n}`,
    kind: 'training',
    status: 'passed',
    branch: 'main',
    created_at: createdAt,
    data: JSON.stringify({
      id: `run-${n}`,
      provider: 'fake',
      number: n,
      attempt: 1,
      kind: 'training',
      status: 'passed',
      reason: null,
      branch: 'main',
      commit: 'a'.repeat(40),
      commitMessage: 'Change',
      author: 'Ada',
      trigger: 'push',
      createdAt,
      startedAt: createdAt,
      finishedAt: createdAt,
      jobsDone: 16,
      jobsTotal: 16,
      version: null,
      url: null,
    }),
    jobs: '[]',
  };
}
