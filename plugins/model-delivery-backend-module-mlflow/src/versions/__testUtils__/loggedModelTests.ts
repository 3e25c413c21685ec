import { context, modelTarget } from '../../__testUtils__/providers';
import type { Registry } from '../../__testUtils__/Registry';

export function loggedModelTests(registry: Registry): void {
  describe('what its own client logs', () => {
    it('is a version of a logged model, with files and signature', async () => {
      await registry.server.runPython(`
import mlflow, numpy as np, pandas as pd
from sklearn.linear_model import LogisticRegression
from mlflow.models.signature import ModelSignature
from mlflow.types.schema import Schema, ColSpec, TensorSpec
X = pd.DataFrame({'length': [1., 2.], 'year': [1, 2]})
signature = ModelSignature(
    inputs=Schema([ColSpec('double', 'length'), ColSpec('long', 'year', required=False), ColSpec('string', 'island')]),
    outputs=Schema([TensorSpec(np.dtype('int64'), (-1,))]))
with mlflow.start_run():
    mlflow.log_metric('accuracy', 1.0)
    mlflow.log_input(mlflow.data.from_pandas(X, name='frame'), context='training')
    mlflow.sklearn.log_model(LogisticRegression().fit(X, [0, 1]), name='model',
        signature=signature, registered_model_name='by-client', pip_requirements=[])
`);
      const [found] = await registry.versions('by-client');
      expect(found).toMatchObject({
        artifactUri: expect.stringMatching(
          /^mlflow-artifacts:\/\d+\/models\/m-\w+\/artifacts$/,
        ),
        datasetName: 'frame',
        datasetDigest: expect.stringMatching(/^[0-9a-f]+$/),
        datasetRows: 2,
        metrics: [expect.objectContaining({ name: 'accuracy', value: 1 })],
      });
      expect(await registry.version('by-client')).toEqual(found);
      expect(
        await registry.provider.getSignature(
          modelTarget('by-client'),
          '1',
          context,
        ),
      ).toEqual({
        inputs: [
          { name: 'length', datatype: 'FP64', shape: [-1], kind: 'numeric' },
          {
            name: 'year',
            datatype: 'INT64',
            shape: [-1],
            kind: 'numeric',
            optional: true,
          },
          { name: 'island', datatype: 'BYTES', shape: [-1] },
        ],
        outputs: [
          { name: 'output', datatype: 'INT64', shape: [-1], kind: 'numeric' },
        ],
      });
    });

    it('keeps its run where only the logged model names it', async () => {
      const run = await registry.seed.run({ metrics: { accuracy: 0.5 } });
      const { model } = await registry.seed.post('logged-models', {
        experiment_id: await registry.seed.experiment(),
        name: 'unlinked',
        source_run_id: run.id,
      });
      await registry.seed.model('unlinked');
      await registry.seed.version('unlinked', {
        source: `models:/${model.info.model_id}`,
        modelId: model.info.model_id,
      });
      expect(await registry.version('unlinked')).toMatchObject({
        artifactUri: model.info.artifact_uri,
        metrics: [expect.objectContaining({ value: 0.5 })],
      });
    });

    it('is found where a version was made of another version', async () => {
      await registry.seed.model('copied');
      const run = await registry.seed.run({});
      await registry.seed.version('copied', { runId: run.id });
      await registry.seed.model('copy');
      await registry.seed.version('copy', { source: 'models:/copied/1' });
      expect((await registry.version('copy')).artifactUri).toContain(run.id);
    });
  });
}
