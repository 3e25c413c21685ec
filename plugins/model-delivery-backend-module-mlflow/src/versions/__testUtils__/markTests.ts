import { failure } from '../../__testUtils__/failure';
import {
  context,
  modelTarget,
  providerOf,
} from '../../__testUtils__/providers';
import type { Registry } from '../../__testUtils__/Registry';

export function markTests(registry: Registry): void {
  describe('marks', () => {
    const model = modelTarget('marked');
    const mark = (
      alias: string,
      deploymentId = 'd1',
      chosen = registry.provider,
    ) =>
      chosen.mark(
        model,
        { version: '1', alias, by: 'user:default/ada', deploymentId },
        context,
      );
    const tags = async () => {
      const { model_version: version } = await (
        await fetch(
          `${registry.server.url}/api/2.0/mlflow/model-versions/get?name=marked&version=1`,
        )
      ).json();
      return Object.fromEntries(
        version.tags.map((t: { key: string; value: string }) => [
          t.key,
          t.value,
        ]),
      );
    };
    beforeAll(async () => {
      await registry.seed.model('marked');
      await registry.seed.version('marked');
    });

    it('say who, when and by which deployment, once', async () => {
      await mark('production');
      const first = await tags();
      expect(first).toEqual({
        'slipway.production.by': 'user:default/ada',
        'slipway.production.at': expect.stringMatching(/^20.*Z$/),
        'slipway.production.deployment': 'd1',
      });
      await mark('production');
      expect(await tags()).toEqual(first);
      await mark('production', 'd2');
      expect((await tags())['slipway.production.deployment']).toBe('d2');
    });

    it('go to the alias that the configuration names', async () => {
      await mark(
        'production',
        'd1',
        providerOf(registry.server.url, {
          aliases: { production: 'champion' },
        }),
      );
      expect((await registry.version('marked')).aliases).toContain('champion');
    });

    it('go to another alias where MLflow keeps the name for itself', async () => {
      await mark('latest');
      await mark('v2');
      expect((await registry.version('marked')).aliases).toEqual(
        expect.arrayContaining(['environment-latest', 'environment-v2']),
      );
    });

    it('are refused where MLflow takes no such alias', async () => {
      expect(await failure(mark('über uns'))).toMatchObject({
        kind: 'bad-data',
        message: expect.stringContaining('über uns'),
      });
    });

    it('are refused for a version that is not there', async () => {
      expect(
        await failure(
          registry.provider.mark(
            model,
            { version: '9', alias: 'a', by: 'x', deploymentId: 'd' },
            context,
          ),
        ),
      ).toMatchObject({ kind: 'not-found' });
    });
  });
}
