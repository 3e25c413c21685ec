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
