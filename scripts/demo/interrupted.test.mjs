import assert from 'node:assert/strict';
import test from 'node:test';
import { interruptedRun } from './interrupted.mjs';

const MESSAGES = ['Trust the rows more'];

const run = (id, status, more = {}) => ({
  id,
  number: Number(id),
  kind: 'training',
  status,
  commitMessage: 'Trust the rows more',
  version: null,
  ...more,
});

test('a training that a restart ended has to go again', () => {
  const runs = [run('2', 'interrupted'), run('1', 'passed')];
  assert.equal(interruptedRun(runs, MESSAGES, '0.2.0')?.id, '2');
});

test('what failed, was rejected or was cancelled by a person has not', () => {
  for (const status of ['failed', 'rejected', 'cancelled']) {
    assert.equal(
      interruptedRun([run('1', status)], MESSAGES, '0.1.0'),
      undefined,
    );
  }
});

test('nothing has to go again while a newer training is under way, or after it ended', () => {
  for (const status of ['queued', 'running', 'waiting', 'passed', 'failed']) {
    const runs = [run('2', status), run('1', 'interrupted')];
    assert.equal(interruptedRun(runs, MESSAGES, '0.1.0'), undefined);
  }
});

test('a rerun that was interrupted in turn goes again', () => {
  const runs = [run('2', 'interrupted'), run('1', 'interrupted')];
  assert.equal(interruptedRun(runs, MESSAGES, '0.1.0')?.id, '2');
});

test('a run that came as far as its version needs no other', () => {
  const registered = run('1', 'interrupted', { version: '0.1.0' });
  assert.equal(interruptedRun([registered], MESSAGES, '0.1.0'), undefined);
  assert.equal(
    interruptedRun([run('2', 'interrupted'), registered], MESSAGES, '0.1.0'),
    undefined,
  );
  // MLflow gives names of its own.
  assert.equal(interruptedRun([registered], MESSAGES, '1'), undefined);
});

test('runs of other kinds say nothing about a version', () => {
  const runs = [
    run('2', 'interrupted', { kind: 'ci' }),
    run('1', 'interrupted'),
  ];
  assert.equal(interruptedRun(runs, MESSAGES, '0.1.0')?.id, '1');
  assert.equal(interruptedRun([runs[0]], MESSAGES, '0.1.0'), undefined);
  assert.equal(interruptedRun([], MESSAGES, '0.1.0'), undefined);
});

test('what people pushed is theirs, and their newer runs stand', () => {
  const theirs = run('2', 'interrupted', { commitMessage: 'Try something' });
  assert.equal(interruptedRun([theirs], MESSAGES), undefined);
  assert.equal(
    interruptedRun([theirs, run('1', 'interrupted')], MESSAGES),
    undefined,
  );
});

test('the run of the template, and one that no version is waited for from, go again too', () => {
  const first = run('1', 'interrupted', { commitMessage: 'Create it' });
  assert.equal(interruptedRun([first], MESSAGES)?.id, '1');
  const runs = [run('2', 'interrupted'), run('1', 'passed')];
  assert.equal(interruptedRun(runs, MESSAGES)?.id, '2');
});
