/** As the model is called, its one version, and what the version's run measured. */
export const MODEL = {
  name: 'penguin-species',
  version: '1',
  metric: { name: 'accuracy', value: 0.942, shown: '0.942' },
};

/** Registers a model with a version by MLflow's REST API, as a pipeline that knows nothing of us. */
export async function registerModel(url) {
  const { name, metric } = MODEL;
  const timestamp = Date.now();
  const { experiment_id } = await post(url, 'experiments/create', { name });
  const { run } = await post(url, 'runs/create', {
    experiment_id,
    start_time: timestamp,
    tags: [
      {
        key: 'mlflow.source.git.commit',
        value: '4f2a9c1e0b7d8a6c5e3f1d2b4a6c8e0f1a3b5c7d',
      },
    ],
  });
  const { run_id } = run.info;
  await post(url, 'runs/log-batch', {
    run_id,
    metrics: [{ key: metric.name, value: metric.value, timestamp, step: 0 }],
    params: [{ key: 'max_depth', value: '4' }],
  });
  await post(url, 'runs/update', {
    run_id,
    status: 'FINISHED',
    end_time: timestamp + 1_000,
  });
  await post(url, 'registered-models/create', {
    name,
    description: 'Tells three species of penguins apart',
  });
  await post(url, 'model-versions/create', {
    name,
    source: `runs:/${run_id}/model`,
    run_id,
  });
}

async function post(url, path, body) {
  const answer = await fetch(`${url}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
