import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Backend } from '../portal/Backend.mjs';

const NAME = 'survivor';

/** The backend dies as in a power cut, and is started again on the state it left. */
describe('kill -9 of the backend', () => {
  let backend;
  let clone;
  before(async () => {
    backend = await Backend.start();
    clone = await backend.createAndClone(NAME);
  });
  after(() => backend.stop());

  const newestRun = async () => (await backend.model(NAME, '/runs')).items[0];

  test('during a run: the page says that it was interrupted, and it can be run again', async () => {
    const commit = clone.push(
      'model.toml',
      text => text.replace(/^l2 = 0\.01\b/m, 'l2 = 0.005'),
      'Trust the rows a little more',
    );
    const run = await backend.until('the run has jobs under way', async () => {
      const found = await newestRun();
      return found.commit === commit && found.status === 'running' && found;
    });
    const answering = await fetch(
      (await backend.model(NAME)).environments[0].endpoint + '/v2',
    ).then(r => r.json());
    await backend.kill();
    await backend.spawn();
    const interrupted = await backend.until('it is interrupted', async () => {
      const found = await backend.model(NAME, `/runs/${run.id}`);
      return found.status === 'interrupted' && found;
    });
    assert.ok(interrupted.reason, 'it says why');
    assert.equal(await backend.live(NAME, 'staging'), '0.1.0');
    const after = await backend.until('staging answers again', () =>
      backend
        .model(NAME)
        .then(m => fetch(`${m.environments[0].endpoint}/v2`))
        .then(r => r.ok && r.json())
        .catch(() => false),
    );
    assert.equal(after.version, answering.version);

    await backend.model(NAME, `/runs/${run.id}/rerun`, { method: 'POST' });
    await backend.untilLive(NAME, 'staging', '0.2.0');
  });

  test('during a deployment: it goes live once, by one server', async () => {
    const asked = await backend.model(NAME, '/deployments', {
      method: 'POST',
      headers: { 'idempotency-key': 'once' },
      body: { environment: 'production', version: '0.2.0', reason: 'Go' },
    });
    await backend.kill();
    await backend.spawn();
    // The browser got no answer and repeats the request with its key.
    const again = await backend.model(NAME, '/deployments', {
      method: 'POST',
      headers: { 'idempotency-key': 'once' },
      body: { environment: 'production', version: '0.2.0', reason: 'Go' },
    });
    assert.equal(again.id, asked.id);
    await backend.untilLive(NAME, 'production', '0.2.0');

    const { items } = await backend.model(
      NAME,
      '/deployments?environment=production',
    );
    assert.equal(items.length, 1);
    const { events } = await backend.model(NAME, `/deployments/${asked.id}`);
    // An order whose bundle never arrived is sent again under the same id, which the events tell.
    const states = events.map(e => e.state).join();
    assert.match(
      states,
      /^requested,in-progress(,requested,in-progress)?(,verifying)?,live$/,
    );
    const servers = backend
      .processes()
      .filter(p => p.kind === 'server' && p.owner.includes(asked.id));
    assert.ok(servers.length <= 1, JSON.stringify(backend.processes()));
  });
});
