import type { GithubStandIn } from './GithubStandIn';
import { endedJob, type RepositoryState, type RunState } from './standInState';
import { zip } from '@slipway/plugin-model-delivery-node/testUtils';

/** A workflow that takes these inputs when it is started by hand. */
export function workflowFile(inputs: string[], runName = ''): string {
  return [
    'name: any',
    ...(runName ? [`run-name: ${runName}`] : []),
    'on:',
    '  push:',
    '  workflow_dispatch:',
    '    inputs:',
    ...inputs.map(name => `      ${name}:\n        type: string`),
    '',
  ].join('\n');
}

export function addWorkflow(
  repo: RepositoryState,
  file: string,
  content: string,
): void {
  repo.branches
    .get(repo.defaultBranch)!
    .files.set(`.github/workflows/${file}`, content);
}

/** The report of the unit tests, as an artifact holds it. */
export function unitReport(passed: number): Buffer {
  const cases = Array.from(
    { length: passed },
    (_, n) => `<testcase name="t${n}"/>`,
  ).join('');
  return zip([
    {
      name: 'junit/unit.xml',
      content: `<testsuites><testsuite name="unit" tests="${passed}">${cases}</testsuite></testsuites>`,
    },
  ]);
}

/** A run with one ended job that has a log. */
export function addLoggedRun(
  standIn: GithubStandIn,
  repo: RepositoryState,
  log: string,
): RunState {
  const createdAt = '2026-03-01T10:00:00Z';
  return standIn.addRun(repo, {
    createdAt,
    attempts: [
      {
        status: 'completed',
        conclusion: 'success',
        startedAt: createdAt,
        updatedAt: createdAt,
        jobs: [endedJob(standIn.nextId(), 'train', { log })],
      },
    ],
  });
}
