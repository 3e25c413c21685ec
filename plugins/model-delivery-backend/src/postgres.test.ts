import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  FakeSystem,
  fakeVersion,
  modelEntity,
  unitTests,
} from './__testUtils__/fakes';
import { BASE, MODEL, startBackend } from './__testUtils__/startBackend';
import { until } from './__testUtils__/until';

jest.setTimeout(60_000);

// Takes part where the connection string of a PostgreSQL is given; `npm test` starts one.
const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())('the whole plugin on %s', id => {
  it('delivers, promotes, rolls back and lists the fleet', async () => {
    const knex = await databases.init(id);
    const system = new FakeSystem();
    system.versions = [fakeVersion(1)];
    system.evidence.set('0.1.0', [unitTests()]);
    system.evidence.set('0.2.0', [unitTests()]);
    const backend = await startBackend({
      system,
      entities: [modelEntity()],
      features: [
        mockServices.database.mock({ getClient: async () => knex }).factory,
      ],
    });
    const liveIn = async (environment: string) =>
      (await backend.api.get(MODEL)).body.environments?.find(
        (e: { name: string }) => e.name === environment,
      )?.live?.version;
    const untilLive = (environment: string, version: string) =>
      until(async () => (await liveIn(environment)) === version);
    const toProduction = (version: string) =>
      backend.api
        .post(`${MODEL}/deployments`)
        .send({ environment: 'production', version, reason: 'Go' })
        .expect(200);

    await untilLive('staging', '0.1.0');
    await toProduction('0.1.0');
    await untilLive('production', '0.1.0');
    system.versions.push(fakeVersion(2));
    backend.hint('versions');
    await untilLive('staging', '0.2.0');
    expect((await toProduction('0.2.0')).body.state).toBe('blocked');
    await backend.api
      .post(`${MODEL}/environments/staging/rollback`)
      .send({ reason: 'Alarms' })
      .expect(200);
    await untilLive('staging', '0.1.0');
    await until(() => system.marks.at(-1) === 'staging=0.1.0');

    const { body } = await backend.api
      .get(`${BASE}/models`)
      .query({ search: 'penguin', sort: 'liveSince' })
      .expect(200);
    expect(body).toMatchObject({
      totalItems: 1,
      counts: { all: 1 },
      facets: { environment: ['production', 'staging'] },
    });
    await backend.stop();
    await knex.destroy();
  });
});
