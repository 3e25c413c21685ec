import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Backend } from '../portal/Backend.mjs';
import { PENGUIN } from '../portal/penguins.mjs';
import { SteadyLoad } from '../portal/SteadyLoad.mjs';

const NAME = 'penguins';
const ms = began => `${Date.now() - began} ms`;

/** From the template to production and back, by the same calls that the pages make. */
describe('one model, from template to production and back', () => {
  let backend;
  let clone;
  let address;
  before(async () => {
    backend = await Backend.start();
  });
  after(() => backend.stop());

  const versions = async () =>
    (await backend.model(NAME, '/versions')).items.map(v => v.version);
  const newestRun = async () => (await backend.model(NAME, '/runs')).items[0];
  const served = async environment => {
    const { environments } = await backend.model(NAME);
    const { endpoint } = environments.find(e => e.name === environment);
    const answer = await fetch(`${endpoint}/v2`).then(r => r.json());
    return answer.version;
  };

  test('made from the template, it is live in staging without a hand touching it', async t => {
    const began = Date.now();
    const task = await backend.create({
      name: NAME,
      description: 'Tells a penguin\'s <b>species</b> & "more"',
      owner: 'group:default/ml-platform',
      dataset: 'palmer-penguins',
      framework: 'python-stdlib',
      host: 'local',
    });
    assert.equal(task.status, 'completed');
    await backend.untilLive(NAME, 'staging', '0.1.0');
    t.diagnostic(`live in staging ${ms(began)} after Create`);

    const run = await backend.model(NAME, `/runs/${(await newestRun()).id}`);
    const kinds = run.evidence.map(e => e.suite ?? e.kind);
    for (const kind of ['unit', 'integration', 'behaviour', 'performance']) {
      assert.ok(kinds.includes(kind), `${kind} is missing of ${kinds}`);
    }
    assert.equal(await served('staging'), '0.1.0');
  });

  test('a pushed hyperparameter is a run at once and a version compared with the live one', async t => {
    await backend.model(NAME, '/deployments', {
      method: 'POST',
      body: { environment: 'production', version: '0.1.0', reason: 'First' },
    });
    await backend.untilLive(NAME, 'production', '0.1.0');
    clone = await backend.clone(NAME);
    const commit = clone.push(
      'model.toml',
      text => text.replace(/^l2 = 0\.01\b/m, 'l2 = 0.005'),
      'Trust the rows a little more',
    );
    const pushed = Date.now();
    await backend.until(
      'the run is visible',
      async () => (await newestRun()).commit === commit,
    );
    t.diagnostic(`run visible ${ms(pushed)} after the push`);

    await backend.untilLive(NAME, 'staging', '0.2.0');
    const version = await backend.model(NAME, '/versions/0.2.0');
    const evaluation = version.evidence.find(e => e.kind === 'evaluation');
    assert.equal(evaluation.baseline.version, '0.1.0');
    const comparison = await backend.model(
      NAME,
      '/versions/compare?version=0.1.0&version=0.2.0',
    );
    assert.match(comparison.summary, /^0\.2\.0 against 0\.1\.0: /);
  });

  test('promoting and rolling back lose no request, slow ones among them', async t => {
    const { environments } = await backend.model(NAME);
    address = `${
      environments.find(e => e.name === 'production').endpoint
    }/v2/models/${NAME}/infer`;
    const load = new SteadyLoad(address, [PENGUIN]);
    t.after(() => load.stop());
    const answering = version =>
      backend.until(`${version} answers`, () =>
        load.answers.at(-1)?.text?.includes(`"${version}"`),
      );
    await answering('0.1.0');

    const deployment = await backend.model(NAME, '/deployments', {
      method: 'POST',
      body: { environment: 'production', version: '0.2.0', reason: 'Better' },
    });
    assert.notEqual(deployment.state, 'blocked', deployment.message);
    await answering('0.2.0');
    // Requests switch a moment before the history has it, and until then the deployment is open.
    await backend.untilLive(NAME, 'production', '0.2.0');

    const asked = Date.now();
    await backend.model(NAME, '/environments/production/rollback', {
      method: 'POST',
      body: { reason: 'To see that it works' },
    });
    await answering('0.1.0');
    t.diagnostic(`the earlier version answers ${ms(asked)} after Roll back`);
    await backend.untilLive(NAME, 'production', '0.1.0');

    const answers = await load.stop();
    t.diagnostic(
      `${answers.length} requests, ${
        answers.filter(a => a.slow).length
      } slow ones, ${load.failed.length} failed`,
    );
    assert.deepEqual(load.failed, []);
    const history = await backend.model(
      NAME,
      '/environments/production/history',
    );
    assert.deepEqual(
      history.items.map(i => [i.version, i.endedBy]),
      [
        ['0.1.0', null],
        ['0.2.0', 'rolled-back'],
        ['0.1.0', 'superseded'],
      ],
    );
  });

  test('a commit that makes the model worse stops at its gate, with the reason', async () => {
    clone.push(
      'model.toml',
      text => text.replace(/^ {2}"bill_length_mm",\n/m, ''),
      'Leave out the bill length',
    );
    const model = await backend.until('the version is rejected', async () => {
      const found = await backend.model(NAME);
      return found.lastDelivery.state === 'blocked' && found;
    });
    assert.equal(model.latestVersion.version, '0.3.0');
    assert.equal(model.latestVersion.status, 'rejected');
    assert.match(
      model.lastDelivery.message,
      /accuracy 0\.\d+ < 0\.92 on 138 holdout rows/,
    );
    assert.equal(await backend.live(NAME, 'staging'), '0.2.0');
    assert.deepEqual(await versions(), ['0.3.0', '0.2.0', '0.1.0']);
  });
});
