import {
  FakeSystem,
  fakeVersion,
  modelEntity,
  unitTests,
} from '../__testUtils__/fakes';
import { MODEL, startBackend } from '../__testUtils__/startBackend';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

describe('the routes of dossiers', () => {
  let backend: Awaited<ReturnType<typeof startBackend>>;

  beforeAll(async () => {
    const system = new FakeSystem();
    system.versions = [fakeVersion(1)];
    system.evidence.set('0.1.0', [unitTests()]);
    const entity = modelEntity();
    entity.metadata.annotations = {
      'model-delivery/intended-use': 'Field work',
      'model-delivery/risk-class': 'limited',
    };
    backend = await startBackend({ system, entities: [entity] });
    await until(async () => {
      const { body } = await backend.api.get(`${MODEL}/versions/0.1.0`);
      return body.liveIn?.includes('staging');
    });
  });
  afterAll(() => backend.stop());

  it('tell use, version, evidence and what happened', async () => {
    const { body } = await backend.api
      .get(`${MODEL}/versions/0.1.0/dossier`)
      .expect(200);
    expect(body).toMatchObject({
      model: { intendedUse: 'Field work', riskClass: 'limited' },
      version: { version: '0.1.0' },
      evidence: [{ kind: 'tests' }],
      deployments: [{ environment: 'staging', state: 'live', decisions: [] }],
      limited: false,
    });
    expect(body.deployments[0].events.at(-1)).toMatchObject({ state: 'live' });
  });

  it('send the page as a file that runs nothing in the portal', async () => {
    const { headers, text } = await backend.api
      .get(`${MODEL}/versions/0.1.0/dossier.html`)
      .expect(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': 'attachment',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    });
    expect(text).toContain('<!doctype html>');
  });

  it('know no version that is not stored', async () => {
    const { status, body } = await backend.api.get(
      `${MODEL}/versions/9.9.9/dossier`,
    );
    expect(status).toBe(404);
    expect(body.error.message).toContain('There is no version 9.9.9');
  });
});
