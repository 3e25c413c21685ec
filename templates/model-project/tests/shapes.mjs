// The shapes that the contract promises, as small predicates: enough to notice a report that a
// reader would stumble over. The full schemas live with their readers.
import assert from 'node:assert/strict';

const text = value => typeof value === 'string' && value.length > 0;
const number = value => typeof value === 'number' && Number.isFinite(value);
const flag = value => typeof value === 'boolean';
const digest = value => /^sha256:[0-9a-f]{64}$/.test(value);
const either = (check, other) => value => check(value) || other(value);
const nullable = check => value => value === null || check(value);
const list = check => value => Array.isArray(value) && value.every(check);
const interval = nullable(value => list(number)(value) && value.length === 2);
const oneOf =
  (...all) =>
  value =>
    all.includes(value);
const shape = fields => value =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(fields).every(([name, check]) => {
    assert.ok(
      name in value,
      `${name} is missing in ${JSON.stringify(value).slice(0, 200)}`,
    );
    assert.ok(
      check(value[name]),
      `${name} is ${JSON.stringify(value[name])?.slice(0, 200)}`,
    );
    return true;
  });

const gate = shape({
  id: text,
  rule: text,
  observed: nullable(number),
  limit: nullable(number),
  pass: nullable(flag),
  blocking: flag,
  reason: text,
});

const BODIES = {
  lint: {
    checks: list(shape({ tool: text, status: oneOf('pass', 'fail') })),
    notRun: list(shape({ tool: text, reason: text })),
  },
  'data-validation': {
    checks: list(
      shape({
        id: text,
        column: nullable(text),
        kind: text,
        observed: value => value !== undefined,
        expected: value => value !== undefined,
        severity: oneOf('error', 'warning'),
        pass: flag,
        sampleRows: list(number),
      }),
    ),
  },
  selection: {
    metric: text,
    chosen: text,
    candidates: list(
      shape({
        name: text,
        variant: text,
        seed: number,
        score: number,
        ci: interval,
        chosen: flag,
      }),
    ),
  },
  metrics: {
    metrics: list(
      shape({
        name: text,
        value: nullable(number),
        unit: nullable(text),
        direction: oneOf('min', 'max'),
        ci: interval,
        n: number,
        split: oneOf('holdout'),
      }),
    ),
    training: shape({ seconds: number, peakRssMb: number }),
  },
  evaluation: {
    baseline: shape({
      kind: oneOf('champion', 'trivial', 'none'),
      version: nullable(text),
      digest: nullable(digest),
    }),
    overall: list(
      shape({
        metric: text,
        candidate: nullable(number),
        baseline: nullable(number),
        delta: nullable(number),
        pairedCi: interval,
        threshold: nullable(number),
        pass: nullable(flag),
      }),
    ),
    slices: list(
      shape({
        name: text,
        n: number,
        metric: text,
        candidate: nullable(number),
        baseline: nullable(number),
        delta: nullable(number),
        pass: nullable(flag),
        insufficient: flag,
      }),
    ),
    gates: list(gate),
    decision: oneOf('promote', 'reject', 'needs-approval'),
    reasons: list(text),
  },
  performance: {
    host: shape({ cpus: number }),
    latencyMs: shape({
      n: number,
      min: number,
      p50: number,
      p95: number,
      p99: number,
    }),
    ab: shape({
      baselineVersion: nullable(text),
      p50Ratio: nullable(number),
      p95Ratio: nullable(number),
      throughputRatio: nullable(number),
      ratios: list(number),
      aaP50Ratio: number,
    }),
    throughputRps: number,
    errors: number,
    rssMb: nullable(number),
    artifactMb: number,
    coldStartMs: number,
    valid: flag,
    gates: list(gate),
  },
  package: { bundle: shape({ file: text, digest, bytes: number }) },
  smoke: { checks: list(shape({ id: text, pass: flag, reason: text })) },
  load: {
    requests: number,
    errors: number,
    latencyMs: shape({
      n: number,
      p50: nullable(number),
      p95: nullable(number),
      p99: nullable(number),
    }),
  },
  drift: {
    window: shape({ n: number }),
    features: list(
      shape({
        name: text,
        metric: oneOf('psi'),
        value: number,
        limit: number,
        drifted: flag,
      }),
    ),
    prediction: shape({ value: number, limit: number, drifted: flag }),
    decision: oneOf('ok', 'warn', 'retrain', 'insufficient'),
  },
};

const ENVELOPE = {
  status: oneOf('pass', 'fail', 'error', 'skipped'),
  created: value => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
  subject: shape({
    model: text,
    version: text,
    artifactDigest: nullable(digest),
  }),
  source: shape({
    repo: nullable(text),
    commit: nullable(value => /^[0-9a-f]{40}$/.test(value)),
    dirty: nullable(flag),
    ref: nullable(text),
  }),
  run: shape({
    id: nullable(text),
    url: nullable(text),
    attempt: nullable(number),
    ci: oneOf('github', 'gitlab', 'local'),
  }),
  inputs: shape({
    dataset: shape({
      name: text,
      digest: nullable(digest),
      rows: nullable(number),
    }),
    paramsDigest: digest,
    lockDigest: digest,
    seed: nullable(number),
  }),
};

/** Throws unless `report` has the envelope of every report and the body of its kind. */
export function checkReport(kind, report) {
  assert.equal(report.schema, `model-delivery/${kind}/v1`);
  shape(ENVELOPE)(report);
  if (report.status !== 'error') shape(BODIES[kind])(report);
}

const histogram = shape({
  kind: oneOf('numeric', 'categorical'),
  counts: list(number),
  missing: number,
  limit: number,
});

/** Throws unless the files of a selected model are what the server and the portal read. */
export function checkModel({ manifest, signature, reference, golden }) {
  shape({
    schema: oneOf('model-delivery/manifest/v1'),
    model: text,
    package: text,
    framework: text,
    python: text,
    platform: text,
    lockDigest: digest,
  })(manifest);
  const names = Object.keys(manifest.files);
  assert.ok(
    names.some(name => name.startsWith('model/')) &&
      names.some(name => name.startsWith('src/')),
  );
  assert.ok(Object.values(manifest.files).every(digest));
  shape({
    inputs: list(
      shape({
        name: text,
        datatype: oneOf('FP64', 'INT64', 'BYTES', 'BOOL'),
        shape: list(number),
        kind: oneOf('numeric', 'categorical'),
        optional: flag,
      }),
    ),
    outputs: list(
      shape({
        name: text,
        datatype: oneOf('FP64', 'BYTES'),
        shape: list(number),
      }),
    ),
  })(signature);
  shape({ minWindow: number, prediction: histogram })(reference);
  assert.deepEqual(
    Object.keys(reference.features).sort(),
    signature.inputs.map(input => input.name).sort(),
  );
  for (const entry of Object.values(reference.features)) {
    histogram(entry);
    if (entry.kind === 'numeric') {
      assert.equal(entry.counts.length, entry.edges.length + 1);
      assert.deepEqual(
        entry.edges,
        [...new Set(entry.edges)].sort((a, b) => a - b),
      );
    } else {
      assert.equal(entry.counts.length, entry.categories.length);
    }
  }
  assert.ok(
    list(shape({ row: either(Boolean, text), prediction: shape({}) }))(golden),
  );
}

const CODES = {
  infer: [200, 400, 411, 413, 500],
  feedback: [200, 400, 404, 411, 413, 500],
  metadata: [200],
  live: [200],
  ready: [200],
  metrics: [200],
  other: [400, 404, 411, 413, 501],
};
const REASONS = [
  'bad-datatype',
  'bad-json',
  'bad-request',
  'bad-shape',
  'bad-value',
  'missing-input',
  'no-length',
  'too-large',
  'unknown-input',
];
const SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
];
const TYPES = {
  model_info: 'gauge',
  model_requests_total: 'counter',
  model_request_duration_seconds: 'histogram',
  model_inference_duration_seconds: 'histogram',
  model_requests_in_flight: 'gauge',
  model_input_rejected_total: 'counter',
  model_feedback_total: 'counter',
  model_predictions_total: 'counter',
  model_prediction_value: 'histogram',
  model_feature_value: 'histogram',
  model_feature_category_total: 'counter',
  model_feature_missing_total: 'counter',
  model_feature_reference_bucket: 'gauge',
  model_feature_reference_category: 'gauge',
  model_feature_reference_missing: 'gauge',
};

/** The name of a series, the same however the server orders labels and writes edges. */
const series = (name, labels = {}) =>
  JSON.stringify([name, ...Object.entries(labels).sort()]);

/** Reads a scrape: the type of each family, and each series with its number. */
function scraped(page) {
  const types = {};
  const samples = new Map();
  for (const line of page.trim().split('\n')) {
    const [, family, type] = line.match(/^# TYPE (\S+) (\S+)$/) ?? [];
    if (family) types[family] = type;
    if (line.startsWith('#')) continue;
    const [, name, inner = '', value] = line.match(
      /^(\w+)(?:\{(.*)\})? (\S+)$/,
    );
    const labels = {};
    for (const [, key, said] of inner.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
      labels[key] =
        key === 'le' && said !== '+Inf'
          ? Number(said)
          : JSON.parse(`"${said}"`);
    const key = series(name, labels);
    assert.ok(!samples.has(key), `${key} is there twice`);
    samples.set(key, Number(value));
  }
  return { types, samples };
}

/** The running totals of `counts`. */
const totals = counts =>
  counts.map((_, i) => counts.slice(0, i + 1).reduce((a, b) => a + b, 0));

/**
 * Throws unless `page` is the first scrape of a server of this model: every family with its type,
 * every label that is known by then, buckets with the edges of the reference, everything that
 * counts at zero, and nothing else.
 */
export function checkFirstScrape(page, { info, signature, reference }) {
  const expected = new Map();
  const zero = (name, labels) => expected.set(series(name, labels), 0);
  const histogramOf = (name, edges, labels) => {
    for (const le of [...edges, '+Inf'])
      zero(`${name}_bucket`, { ...labels, le });
    zero(`${name}_count`, labels);
    zero(`${name}_sum`, labels);
  };
  expected.set(series('model_info', info), 1);
  for (const [endpoint, codes] of Object.entries(CODES)) {
    for (const code of codes)
      zero('model_requests_total', { endpoint, code: `${code}` });
    histogramOf('model_request_duration_seconds', SECONDS, { endpoint });
  }
  histogramOf('model_inference_duration_seconds', SECONDS);
  zero('model_requests_in_flight');
  for (const reason of REASONS) zero('model_input_rejected_total', { reason });
  const { kind, categories, edges } = reference.prediction;
  const target = signature.outputs[0].name;
  const outcomes =
    kind === 'numeric' ? ['close', 'far'] : ['correct', 'incorrect'];
  for (const outcome of [...outcomes, 'unknown-id', 'malformed'])
    zero('model_feedback_total', { outcome });
  for (const name of kind === 'numeric' ? [target] : categories)
    zero('model_predictions_total', { class: name });
  if (kind === 'numeric')
    histogramOf('model_prediction_value', edges, { output: target });
  for (const [feature, entry] of Object.entries(reference.features)) {
    zero('model_feature_missing_total', { feature });
    expected.set(
      series('model_feature_reference_missing', { feature }),
      entry.missing,
    );
    if (entry.kind === 'numeric') {
      histogramOf('model_feature_value', entry.edges, { feature });
      const bounds = [...entry.edges, '+Inf'];
      totals(entry.counts).forEach((total, i) =>
        expected.set(
          series('model_feature_reference_bucket', { feature, le: bounds[i] }),
          total,
        ),
      );
    } else {
      const known = [...entry.categories, '__other__'];
      const counts = [...entry.counts, entry.other];
      known.forEach((category, i) => {
        zero('model_feature_category_total', { feature, category });
        expected.set(
          series('model_feature_reference_category', { feature, category }),
          counts[i],
        );
      });
    }
  }
  const { types, samples } = scraped(page);
  assert.deepEqual(types, TYPES);
  assert.deepEqual(
    [...samples].sort(([a], [b]) => (a < b ? -1 : 1)),
    [...expected].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
