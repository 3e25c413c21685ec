import { ConfigReader } from '@backstage/config';
import { parseMlflowConfig, readMlflowConfig } from './config';

const read = (...servers: object[]) => parseMlflowConfig({ servers });
const server = { id: 'mlflow', url: 'https://mlflow.example.com' };

describe('the configuration', () => {
  it('names no servers where there is none', () => {
    expect(readMlflowConfig(new ConfigReader({}))).toEqual([]);
  });

  it('is complete with an id and an address', () => {
    expect(read(server)).toEqual([
      {
        ...server,
        title: 'MLflow',
        headers: {},
        aliases: {},
        lowerIsBetter: [],
        tags: {
          digest: 'slipway.digest',
          commit: 'slipway.commit',
          runCommit: 'mlflow.source.git.commit',
          pipelineRun: 'slipway.run',
          status: 'slipway.status',
          reasons: 'slipway.reasons',
          card: 'slipway.card',
        },
        artifacts: {
          bundle: 'bundle',
          reports: 'reports',
          cards: [
            'MODEL_CARD.md',
            'reports/MODEL_CARD.md',
            'reports/model-card.md',
          ],
        },
        discovery: {
          enabled: false,
          ownerTag: 'owner',
          systemTag: 'system',
          lifecycleTag: 'lifecycle',
          defaultLifecycle: 'production',
          typeTag: 'type',
          defaultType: 'model',
          namespace: 'default',
        },
      },
    ]);
  });

  it('takes numbers that a variable made texts of', () => {
    expect(read({ ...server, quietSeconds: '90' })[0].quietSeconds).toBe(90);
  });

  it.each([
    [{ ...server, id: 'ML flow' }, 'servers[0].id'],
    [{ ...server, url: 'file:///etc/passwd' }, 'servers[0].url'],
    [{ ...server, discovery: { enabled: true } }, 'discovery.defaultOwner'],
    [{ ...server, artifacts: { bundle: '../x' } }, 'artifacts.bundle'],
    [{ ...server, artifacts: { reports: '/x' } }, 'artifacts.reports'],
    [{ ...server, quietSeconds: 0 }, 'quietSeconds'],
    [{ ...server, unknown: 1 }, 'unknown'],
  ])('names the setting that is invalid: %#', (given, setting) => {
    expect(() => read(given)).toThrow(setting);
  });

  it('refuses an id that is used twice', () => {
    expect(() => read(server, server)).toThrow(/servers\[1\]\.id.*used twice/);
  });

  it('shows no secret in what it says', () => {
    const secrets = { auth: { token: 'pa55', more: 1 }, webhook: 'pa55' };
    expect(() => read({ ...server, ...secrets })).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('pa55'),
      }),
    );
  });
});
