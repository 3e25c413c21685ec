import path from 'node:path';
import {
  TestEngine,
  context,
  environmentTarget,
  modelTarget,
} from './__testUtils__/testEngine';
import { readProject, renderProject } from './__testUtils__/renderProject';
import { waitFor } from './__testUtils__/waitFor';

jest.setTimeout(120_000);
const name = 'penguin-species';
it('thin', async () => {
  const test = await TestEngine.start();
  const t0 = Date.now();
  const lap = (what: string) =>
    console.log(`${((Date.now() - t0) / 1000).toFixed(2)} s ${what}`);
  try {
    const folder = path.join(test.directory, 'project');
    await renderProject(folder, {
      name,
      framework: 'python-stdlib',
      dataset: 'palmer-penguins',
    });
    await require('fs').promises.rm(
      path.join(folder, 'tests/unit/test_features.py'),
      { force: true },
    );
    {
      const fp = require('fs');
      const f = path.join(folder, 'tests/integration/test_delivery.py');
      fp.writeFileSync(
        f,
        fp
          .readFileSync(f, 'utf8')
          .replace('def test_metrics_are', 'def metrics_are'),
      );
    }
    lap('rendered');
    const created = await test.engine.projects.create(
      {
        key: 'k',
        name,
        description: 'x',
        author: { name: 'A', email: 'a@b' },
        message: 'First',
        files: await readProject(folder),
      },
      context,
    );
    lap(JSON.stringify(created));
    await waitFor(
      async () =>
        (
          await test.engine.pipelines.listRuns(
            modelTarget(name),
            { limit: 1 },
            context,
          )
        ).items[0],
      'a run',
    );
    lap('run visible');
    const run = await waitFor(
      async () => {
        const r = (
          await test.engine.pipelines.listRuns(
            modelTarget(name),
            { limit: 1 },
            context,
          )
        ).items[0];
        return r.finishedAt && r;
      },
      'end',
      100_000,
    );
    lap(JSON.stringify(run));
    const jobs = await test.engine.pipelines.getJobs(
      modelTarget(name),
      run.id,
      context,
    );
    for (const j of jobs)
      lap(
        [
          j.id,
          j.status,
          j.reason,
          (Date.parse(j.startedAt!) - t0) / 1000,
          (Date.parse(j.finishedAt!) - t0) / 1000,
        ].join(' '),
      );
    console.log(
      JSON.stringify(
        await test.engine.pipelines.getEvidence(
          modelTarget(name),
          run.id,
          context,
        ),
        null,
        1,
      ).slice(0, 6000),
    );
    if (!run.version) {
      for (const j of jobs)
        console.log(
          j.id,
          JSON.stringify(
            await test.engine.pipelines.readLog(
              modelTarget(name),
              run.id,
              j.id,
              { after: 0, limit: 40 },
              context,
            ),
          ),
        );
    }
    const version = await test.engine.versions.getVersion(
      modelTarget(name),
      run.version!,
      context,
    );
    console.log(JSON.stringify(version));
    const target = environmentTarget(name, 'staging');
    await test.engine.deployments.deploy(
      target,
      {
        deploymentId: 'd1',
        version: version.version,
        digest: version.digest,
        openBundle: () =>
          test.engine.versions.openBundle(
            modelTarget(name),
            version.version,
            context,
          ),
      },
      context,
    );
    const progress = await waitFor(async () => {
      const p = await test.engine.deployments.getProgress(
        target,
        'd1',
        context,
      );
      return (p.phase === 'live' || p.phase === 'failed') && p;
    }, 'live');
    lap(JSON.stringify(progress));
    lap(
      JSON.stringify(await test.engine.deployments.getState(target, context)),
    );
    lap(
      JSON.stringify(
        await test.engine.deployments.predict(
          target,
          {
            bill_length_mm: 39.1,
            bill_depth_mm: 18.7,
            flipper_length_mm: 181,
            body_mass_g: 3750,
            sex: 'male',
          },
          context,
        ),
      ),
    );
    lap(
      JSON.stringify(await test.engine.versions.discover(context)).slice(
        0,
        200,
      ),
    );
  } finally {
    await test.destroy();
  }
});
