import { version as versionSchema } from '@slipway/plugin-model-delivery-common/schema';
import { context, modelTarget } from '../../__testUtils__/providers';
import type { Registry } from '../../__testUtils__/Registry';
import { sha256 } from '../../__testUtils__/Seed';

const COMMIT = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';

export function contentTests(registry: Registry): void {
  describe('what a version says', () => {
    it('tells what run, model and tags say of one', async () => {
      await registry.seed.model('penguins');
      const run = await registry.seed.run({
        metrics: { accuracy: 0.97, log_loss: 0.1 },
        params: { depth: 7, lr: '0.01' },
        tags: { 'mlflow.source.git.commit': COMMIT, 'mlflow.user': 'ada' },
        datasets: [
          { name: 'holdout', digest: 'ffff', context: 'testing' },
          { name: 'palmer', digest: '3f2a', rows: 344, context: 'training' },
        ],
      });
      await registry.seed.version('penguins', {
        runId: run.id,
        description: 'The first',
        tags: { 'slipway.run': 'run-7', 'slipway.digest': sha256('x') },
      });
      await registry.seed.post('registered-models/alias', {
        name: 'penguins',
        alias: 'champion',
        version: '1',
      });
      const [found] = await registry.versions('penguins');
      expect(versionSchema.omit({ liveIn: true }).parse(found)).toEqual({
        version: '1',
        status: 'registered',
        reasons: [],
        commit: COMMIT,
        commitMessage: null,
        committedAt: null,
        author: 'ada',
        createdAt: expect.stringMatching(/^20.*Z$/),
        digest: sha256('x'),
        artifactUri: `mlflow-artifacts:/${run.artifacts}/model`,
        datasetDigest: '3f2a',
        datasetName: 'palmer',
        datasetRows: 344,
        sizeBytes: null,
        metrics: [
          expect.objectContaining({
            name: 'accuracy',
            value: 0.97,
            direction: 'max',
          }),
          expect.objectContaining({ name: 'log_loss', direction: 'min' }),
        ],
        params: { depth: '7', lr: '0.01' },
        aliases: ['champion'],
        runId: 'run-7',
        hasCard: true,
        url: 'https://mlflow.example.com/registry/#/models/penguins/versions/1',
      });
    });

    it('takes no number for what is not finite', async () => {
      await registry.seed.model('not-finite');
      const run = await registry.seed.run({
        metrics: { nan: 'NaN', inf: 'Infinity', ninf: '-Infinity', zero: 0 },
      });
      await registry.seed.version('not-finite', { runId: run.id });
      const { metrics } = await registry.version('not-finite');
      expect(Object.fromEntries(metrics.map(m => [m.name, m.value]))).toEqual({
        nan: null,
        inf: null,
        ninf: null,
        zero: 0,
      });
    });

    it('knows nothing of what a version without a run does not say', async () => {
      await registry.seed.model('bare');
      await registry.seed.version('bare');
      expect(await registry.version('bare')).toMatchObject({
        commit: null,
        digest: null,
        artifactUri: 's3://bucket/x',
        metrics: [],
        params: {},
        datasetDigest: null,
        hasCard: false,
        runId: null,
      });
      expect(
        await registry.provider.getEvidence(modelTarget('bare'), '1', context),
      ).toEqual([]);
      expect(
        await registry.provider.getCard(modelTarget('bare'), '1', context),
      ).toBeNull();
    });

    it('takes a digest that is none for not registered', async () => {
      await registry.seed.model('bad-digest');
      await registry.seed.version('bad-digest', {
        tags: { 'slipway.digest': 'md5:123' },
      });
      expect((await registry.version('bad-digest')).digest).toBeNull();
    });

    it('reads runs of several experiments in a page, again and again', async () => {
      await registry.seed.model('wandering');
      const make = async (n: number) => {
        const run = await registry.seed.run({
          experiment: await registry.seed.newExperiment(`wandering-${n}`),
          metrics: { n },
        });
        await registry.seed.version('wandering', { runId: run.id });
      };
      const values = async () =>
        (await registry.versions('wandering')).map(
          ({ metrics }) => metrics[0].value,
        );
      for (const n of [1, 2, 3, 4, 5]) await make(n);
      expect(await values()).toEqual([5, 4, 3, 2, 1]);
      expect(await values()).toEqual([5, 4, 3, 2, 1]);
      await make(6);
      expect(await values()).toEqual([6, 5, 4, 3, 2, 1]);
    });

    it('keeps what a deleted run said, and lives without one that is gone', async () => {
      await registry.seed.model('cleaned-up');
      const run = await registry.seed.run({ metrics: { accuracy: 0.9 } });
      const gone = await registry.seed.run({ metrics: { accuracy: 0.8 } });
      await registry.seed.version('cleaned-up', { runId: run.id });
      await registry.seed.version('cleaned-up', { runId: gone.id });
      await registry.seed.post('runs/delete', { run_id: run.id });
      await registry.server.runPython(
        `import sqlite3
c = sqlite3.connect('mlflow.db')
for table in ('metrics', 'latest_metrics', 'params', 'tags'):
    c.execute(f"delete from {table} where run_uuid = '${gone.id}'")
c.execute("delete from runs where run_uuid = '${gone.id}'")
c.commit()`,
      );
      const [newest, first] = await registry.versions('cleaned-up');
      expect(first.metrics).toHaveLength(1);
      expect(newest.metrics).toEqual([]);
    });

    it('does not let versions be delivered that are not registered', async () => {
      await registry.seed.model('statuses');
      await registry.seed.version('statuses');
      await registry.seed.version('statuses');
      await registry.seed.version('statuses', {
        tags: { 'slipway.status': 'rejected' },
      });
      await registry.seed.version('statuses', {
        tags: {
          'slipway.status': 'rejected',
          'slipway.reasons': 'accuracy 0.91 < 0.92\n\nslice Torgersen fell',
        },
      });
      await registry.server.runPython(
        `import sqlite3
c = sqlite3.connect('mlflow.db')
c.execute("update model_versions set status='PENDING_REGISTRATION' where name='statuses' and version=1")
c.execute("update model_versions set status='FAILED_REGISTRATION', status_message='copy failed' where name='statuses' and version=2")
c.commit()`,
      );
      expect(
        (await registry.versions('statuses')).map(({ status, reasons }) => [
          status,
          ...reasons,
        ]),
      ).toEqual([
        ['rejected', 'accuracy 0.91 < 0.92', 'slice Torgersen fell'],
        ['rejected', 'Its pipeline rejected it.'],
        ['rejected', 'MLflow could not register it: copy failed'],
        ['rejected', 'MLflow has not finished registering it.'],
      ]);
    });
  });
}
