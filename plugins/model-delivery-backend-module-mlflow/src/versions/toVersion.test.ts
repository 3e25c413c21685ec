import failed from '../__fixtures__/model_version_status_failed.json';
import fromLogged from '../__fixtures__/mv_get_logged.json';
import runAnswer from '../__fixtures__/runs_get.json';
import noRows from '../__fixtures__/search_empty_result.json';
import * as schemas from '../api/schemas';
import { serverConfig } from '../__testUtils__/providers';
import { toVersion } from './toVersion';

const server = serverConfig('https://mlflow.example.com', {
  lowerIsBetter: ['int_like'],
});
const { run } = schemas.oneRun.parse(runAnswer.body);
const { model_version: version } = schemas.oneVersion.parse(fromLogged.body);

describe('a recorded version', () => {
  const found = toVersion(server, {
    version,
    run,
    aliases: [],
    artifactUri: null,
  });

  it('has the metrics of its run, with what is not finite unknown', () => {
    expect(
      Object.fromEntries(found.metrics.map(m => [m.name, m.value])),
    ).toMatchObject({
      auc: 0.9123456789,
      big: 1e20,
      int_like: 3,
      nan: null,
      inf: null,
      ninf: null,
    });
    expect(
      found.metrics.find(({ name }) => name === 'int_like')!.direction,
    ).toBe('min');
  });

  it('has the commit of its run unless it has one of its own', () => {
    expect(found.commit).toBe('0'.repeat(40));
    const tags = new Map([['slipway.commit', 'abc']]);
    expect(
      toVersion(server, {
        version: { ...version, tags },
        run,
        aliases: [],
        artifactUri: null,
      }).commit,
    ).toBe('abc');
  });

  it('says why MLflow could not register it', () => {
    const { model_version: broken } = schemas.oneVersion.parse(failed.body);
    expect(
      toVersion(server, {
        version: broken,
        run: null,
        aliases: [],
        artifactUri: null,
      }),
    ).toMatchObject({
      status: 'rejected',
      reasons: ['MLflow could not register it: copy failed: access denied'],
      metrics: [],
    });
  });
});

it('reads an answer without rows, where the list is left out', () => {
  expect(schemas.versionsPage.parse(noRows.body).model_versions).toEqual([]);
  expect(schemas.modelsPage.parse(noRows.body).registered_models).toEqual([]);
});
