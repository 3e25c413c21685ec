import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Backend } from '../portal/Backend.mjs';
import { ensureSchemathesis, runSchemathesis } from './schemathesis.mjs';

const MODEL = 'churn';
const PREFIX = '/model-delivery/v1';
const ENTITY = `apiVersion: model-delivery/v1alpha1
kind: MLModel
metadata: { name: ${MODEL} }
spec:
  type: classification
  lifecycle: experimental
  owner: group:default/ml-platform
  pipelines: [{ provider: local, repository: ${MODEL} }]
  versions: { provider: local, name: ${MODEL} }
  environments:
    - { name: staging, target: { provider: local, service: ${MODEL} } }
    - { name: production, after: staging, target: { provider: local, service: ${MODEL} } }
`;
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
];
/** Most requests name the model that exists, so that they come past the first check. */
const PATH = `[parameters]\n"path.namespace" = "default"\n"path.name" = "${MODEL}"\n`;

/** The served document against the served API, by requests that fit it and requests that do not. */
describe('the REST API keeps to its OpenAPI document', () => {
  let backend;
  let options;
  before(async () => {
    const program = await ensureSchemathesis();
    backend = await Backend.start();
    await backend.until('the owner is in the catalog', () =>
      backend.api('/catalog/entities/by-name/group/default/ml-platform').then(
        () => true,
        () => false,
      ),
    );
    await backend.api(`${PREFIX}/projects`, {
      method: 'POST',
      body: {
        name: MODEL,
        author: { name: 'Ada', email: 'ada@example.com' },
        message: 'Create',
        files: [
          {
            path: 'catalog-info.yaml',
            content: Buffer.from(ENTITY).toString('base64'),
          },
        ],
      },
    });
    await backend.until('the model has a page and a run', () =>
      backend.model(MODEL, '/runs').then(
        ({ items }) => items.length > 0,
        () => false,
      ),
    );
    const document = path.join(backend.state, 'openapi.json');
    fs.writeFileSync(
      document,
      JSON.stringify(await backend.api(`${PREFIX}/openapi.json`)),
    );
    options = { program, document, url: `${backend.origin}/api${PREFIX}` };
  });
  after(() => backend?.stop());

  test('with a token: no server error, no undocumented answer, no way around sign-in', async t => {
    const { requests } = await runSchemathesis({
      ...options,
      token: await backend.token(),
      config: PATH,
      checks: [...CHECKS, 'ignored_auth', 'unsupported_method'],
      phases: ['coverage', 'fuzzing'],
      examples: 5,
    });
    t.diagnostic(`${requests} requests`);
    assert.ok(requests > 500, `only ${requests} requests`);
  });

  test('without a token: every request is answered with 401', async t => {
    const only401 = ['positive_data_acceptance', 'negative_data_rejection'];
    const { requests } = await runSchemathesis({
      ...options,
      config: `${PATH}${only401
        .map(check => `[checks.${check}]\nexpected-statuses = [401]\n`)
        .join('')}`,
      checks: [...CHECKS, ...only401],
      phases: ['fuzzing'],
      examples: 10,
    });
    t.diagnostic(`${requests} requests`);
    assert.ok(requests > 200, `only ${requests} requests`);
  });
});
