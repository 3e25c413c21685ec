import crypto from 'node:crypto';

type Values = Record<string, string | number>;
const tagsOf = (values: Values = {}) =>
  Object.entries(values).map(([key, value]) => ({ key, value: `${value}` }));

/** Fills an MLflow server by its REST API, as pipelines do. */
export class Seed {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  #experiment: Promise<string> | undefined;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#url = url;
    this.#headers = headers;
  }

  async post(path: string, body: unknown, method = 'POST'): Promise<any> {
    const answer = await fetch(`${this.#url}/api/2.0/mlflow/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...this.#headers },
      // What JSON cannot say, MLflow takes as text.
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok)
      throw new Error(`${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text);
  }

  experiment(): Promise<string> {
    this.#experiment ??= this.newExperiment('seed');
    return this.#experiment;
  }

  async newExperiment(name: string, location?: string): Promise<string> {
    const { experiment_id: id } = await this.post('experiments/create', {
      name,
      ...(location && { artifact_location: location }),
    });
    return id;
  }

  /** @returns its id and the path of its artifacts below those of the server. */
  async run(
    content: {
      experiment?: string;
      metrics?: Record<string, number | string>;
      params?: Values;
      tags?: Values;
      datasets?: {
        name: string;
        digest: string;
        rows?: number;
        context?: string;
      }[];
    } = {},
  ): Promise<{ id: string; artifacts: string }> {
    const { run } = await this.post('runs/create', {
      experiment_id: content.experiment ?? (await this.experiment()),
      start_time: Date.now(),
      tags: tagsOf(content.tags),
    });
    const id: string = run.info.run_id;
    const timestamp = Date.now();
    await this.post('runs/log-batch', {
      run_id: id,
      metrics: Object.entries(content.metrics ?? {}).map(([key, value]) => ({
        key,
        value,
        timestamp,
        step: 0,
      })),
      params: tagsOf(content.params),
    });
    if (content.datasets) {
      await this.post('runs/log-inputs', {
        run_id: id,
        datasets: content.datasets.map(({ name, digest, rows, context }) => ({
          tags: context ? tagsOf({ 'mlflow.data.context': context }) : [],
          dataset: {
            name,
            digest,
            source_type: 'local',
            source: '{}',
            ...(rows !== undefined && {
              profile: JSON.stringify({ num_rows: rows }),
            }),
          },
        })),
      });
    }
    const artifacts = run.info.artifact_uri.replace('mlflow-artifacts:/', '');
    return { id, artifacts };
  }

  async upload(path: string, content: string | Buffer): Promise<void> {
    const answer = await fetch(
      `${this.#url}/api/2.0/mlflow-artifacts/artifacts/${path}`,
      { method: 'PUT', headers: this.#headers, body: content as never },
    );
    if (!answer.ok) throw new Error(`upload answered ${answer.status}`);
  }

  /** Logs a bundle as a folder. @returns the digest of its manifest. */
  async bundle(
    artifacts: string,
    files: Record<string, string>,
    folder = 'bundle',
  ): Promise<string> {
    const manifest = manifestOf(files);
    for (const [name, content] of Object.entries({
      ...files,
      'manifest.json': manifest,
    })) {
      await this.upload(`${artifacts}/${folder}/${name}`, content);
    }
    return sha256(manifest);
  }

  async model(name: string, tags: Values = {}, description = '') {
    await this.post('registered-models/create', {
      name,
      description,
      tags: tagsOf(tags),
    });
  }

  async version(
    name: string,
    content: {
      source?: string;
      runId?: string;
      modelId?: string;
      tags?: Values;
      description?: string;
    } = {},
  ): Promise<string> {
    const { model_version: version } = await this.post(
      'model-versions/create',
      {
        name,
        source:
          content.source ??
          (content.runId ? `runs:/${content.runId}/model` : 's3://bucket/x'),
        run_id: content.runId,
        model_id: content.modelId,
        description: content.description,
        tags: tagsOf(content.tags),
      },
    );
    return version.version;
  }
}

export function manifestOf(files: Record<string, string>): string {
  return JSON.stringify({
    schema: 'model-delivery/manifest/v1',
    model: 'seed',
    package: 'seed',
    files: Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, sha256(content)]),
    ),
  });
}

export function sha256(content: string | Buffer): string {
  return `sha256:${crypto.createHash('sha256').update(content).digest('hex')}`;
}
