import fs from 'node:fs/promises';
import path from 'node:path';
import type { EnvironmentTarget } from '@slipway/plugin-model-delivery-node';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import { readProject, renderProject } from './__testUtils__/renderProject';
import {
  TestEngine,
  context,
  deploy,
  environmentTarget,
  findRun,
  modelTarget,
  readLog,
} from './__testUtils__/testEngine';

jest.setTimeout(120_000);

const name = 'penguin-species';
const model = modelTarget(name);
const target = environmentTarget(name, 'staging');

describe('a project of the real template', () => {
  let test: TestEngine;
  beforeAll(async () => {
    test = await TestEngine.start({
      traffic: { enabled: true, requestsPerSecond: 100 },
    });
  });
  afterAll(() => test.destroy());

  it('is created, run, registered, deployed, asked and watched', async () => {
    const begun = Date.now();
    const folder = path.join(test.directory, 'project');
    await renderProject(folder, {
      name,
      framework: 'python-stdlib',
      dataset: 'palmer-penguins',
    });
    expect(await test.engine.projects.checkName(name, context)).toBeNull();
    const created = await test.engine.projects.create(
      {
        key: 'e2e',
        name,
        description: 'Penguins',
        author: { name: 'Ada', email: 'ada@example.org' },
        message: 'Begin',
        files: await readProject(folder),
      },
      context,
    );
    expect(created.entityRef).toBe(`mlmodel:default/${name}`);

    const run = await findRun(test, name, r => r.finishedAt !== null);
    const jobs = await test.engine.pipelines.getJobs(model, run.id, context);
    expect(jobs.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(run).toMatchObject({ status: 'passed', version: '0.1.0' });
    expect(await readLog(test, name, run.id, 'select')).toContain('sha256:');

    const version = await test.engine.versions.getVersion(
      model,
      '0.1.0',
      context,
    );
    expect(version.datasetRows).toBe(206);
    expect(version.hasCard).toBe(true);
    // Git keeps whole seconds.
    const committedAt = Date.parse(version.committedAt!);
    expect(committedAt).toBeGreaterThan(begun - 1_000);
    expect(committedAt).toBeLessThanOrEqual(Date.parse(version.createdAt));
    const accuracy = version.metrics.find(metric => metric.name === 'accuracy');
    expect(accuracy!.value).toBeGreaterThan(0.92);
    const evidence = await test.engine.versions.getEvidence(
      model,
      '0.1.0',
      context,
    );
    expect(evidence.map(({ kind }) => kind).sort()).toEqual([
      'data-validation',
      'evaluation',
      'metrics',
      'model-card',
      'performance',
      'report',
      'report',
      'report',
      'tests',
      'tests',
      'tests',
    ]);
    expect(evidence.filter(({ status }) => status === 'error')).toEqual([]);
    const [entity] = await test.engine.versions.discover(context);
    expect(entity).toMatchObject({ kind: 'MLModel', metadata: { name } });

    expect(await deploy(test, name, 'staging', '0.1.0', 'd1')).toMatchObject({
      phase: 'live',
      message: '0.1.0 is live; 5 golden rows answered as expected',
    });
    expect(Date.now() - begun).toBeLessThan(60_000);
    const answer = await test.engine.deployments.predict(
      target,
      {
        bill_length_mm: 39.1,
        bill_depth_mm: 18.7,
        flipper_length_mm: 181,
        body_mass_g: 3750,
        sex: 'male',
      },
      context,
    );
    expect(answer).toMatchObject({
      version: '0.1.0',
      outputs: {
        species: 'Adelie',
        probabilities: { Adelie: expect.any(Number) },
      },
    });
    await expect(
      test.engine.deployments.predict(
        target,
        { bill_length_mm: 'long' },
        context,
      ),
    ).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('bill_length_mm'),
    });
  });

  it('takes the labels of its answers, and refuses a class that it does not have', async () => {
    const { endpoint } = await test.engine.deployments.getState(
      target,
      context,
    );
    const post = async (where: string, body: object) => {
      const response = await fetch(`${endpoint}/${where}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    };
    const inputs = Object.entries({
      bill_length_mm: 39.1,
      bill_depth_mm: 18.7,
      flipper_length_mm: 181,
      body_mass_g: 3750,
    }).map(([input, value]) => ({
      name: input,
      datatype: 'FP64',
      shape: [2],
      data: [value, value],
    }));
    const { body } = await post(`v2/models/${name}/infer`, { inputs });
    expect(
      await post('feedback', { id: body.id, row: 1, label: 'Gentoo' }),
    ).toEqual({
      status: 200,
      body: { id: body.id, row: 1, outcome: 'incorrect', replaced: false },
    });
    expect(await post('feedback', { id: body.id, label: 'Emperor' })).toEqual({
      status: 400,
      body: { error: 'The label must be one of Adelie, Chinstrap, Gentoo.' },
    });
    const [labelled] = await test.engine.monitors.getLabelled(
      target,
      { since: '2020-01-01T00:00:00.000Z', limit: 10 },
      context,
    );
    expect(labelled).toMatchObject({
      id: body.id,
      version: '0.1.0',
      predicted: 'Adelie',
      label: 'Gentoo',
    });
  });

  it('shows no drift when its own data comes back', async () => {
    const read = async () =>
      await test.engine.monitors.read(
        {
          ...model,
          monitor: {
            name: 'drift',
            signal: 'drift',
            environment: 'staging',
            source: { provider: 'local' },
          },
        },
        context,
      );
    const waiting = await read();
    expect(waiting).toMatchObject({
      insufficient: true,
      reason: expect.stringMatching(/^\d+ of 500 predictions\.$/),
    });
    const drift = await waitFor(
      async () => {
        const reading = await read();
        return reading.value !== null && reading;
      },
      '500 predictions',
      40_000,
    );
    expect(drift.parts.map(part => part.name).sort()).toEqual([
      'bill_depth_mm',
      'bill_length_mm',
      'body_mass_g',
      'flipper_length_mm',
      'sex',
    ]);
    for (const part of drift.parts) {
      expect(part.value).toBeLessThan(part.limit!);
    }
  });

  it('judges the version again with what was registered of it', async () => {
    const { runId } = await test.engine.pipelines.trigger(
      model,
      {
        kind: 'evaluation',
        version: '0.1.0',
        champion: { version: '0.1.0', digest: null },
        key: 'again',
        reason: 'the live version changed',
        by: 'user:default/ada',
      },
      context,
    );
    const run = await findRun(
      test,
      name,
      r => r.id === runId && r.finishedAt !== null,
    );
    expect(run).toMatchObject({ status: 'passed', reason: null });
    const evidence = await test.engine.versions.getEvidence(
      model,
      '0.1.0',
      context,
    );
    expect(evidence).toContainEqual(
      expect.objectContaining({
        kind: 'evaluation',
        runId,
        baseline: expect.objectContaining({
          kind: 'champion',
          version: '0.1.0',
        }),
      }),
    );
  });

  it('predicts a file on a schedule, also with rows that it rejects', async () => {
    const nightly: EnvironmentTarget = {
      ...environmentTarget(name, 'nightly'),
      target: {
        provider: 'local',
        batch: { schedule: '0 6 * * *', input: 'incoming' },
      },
    };
    const state = () => test.engine.deployments.getState(nightly, context);
    expect(
      await deploy(test, name, 'nightly', '0.1.0', 'd-nightly', nightly),
    ).toMatchObject({
      phase: 'live',
      message: '0.1.0 is live; 5 golden rows were predicted as expected',
    });
    const { input, output } = (await state()).batch!;
    await fs.mkdir(path.join(input, 'incoming'), { recursive: true });
    await fs.copyFile(
      path.join(test.directory, 'project/data/holdout.csv'),
      path.join(input, 'incoming/holdout.csv'),
    );
    await fs.writeFile(
      path.join(input, 'incoming/broken.csv'),
      'bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex\n39.1,18.7,181,heavy,male\n',
    );
    test.advance(86_400_000);
    const run = await waitFor(async () => {
      const [newest] = (await state()).batch!.runs;
      return newest?.finishedAt ? newest : undefined;
    }, 'the run');
    expect(run).toMatchObject({
      status: 'passed',
      rowsIn: 139,
      rowsOut: 138,
      rejected: 1,
      log: expect.arrayContaining([
        "rejected broken.csv, row 1: body_mass_g: 'heavy' isn't FP64",
      ]),
    });
    const [folder] = await fs.readdir(output);
    expect((await fs.readdir(path.join(output, folder))).sort()).toEqual([
      'broken.csv',
      'holdout.csv',
      'predictions.json',
      'rejected.jsonl',
    ]);
  });
});
