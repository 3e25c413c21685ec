import { evidence as evidenceSchema } from '@slipway/plugin-model-delivery-common/schema';
import { context, modelTarget } from '../../__testUtils__/providers';
import type { Registry } from '../../__testUtils__/Registry';

export function reportTests(registry: Registry): void {
  describe('reports and cards', () => {
    const model = modelTarget('reported');
    beforeAll(async () => {
      await registry.seed.model('reported');
      const run = await registry.seed.run({ metrics: { accuracy: 0.9 } });
      const reports = {
        'metrics.json': JSON.stringify({
          schema: 'model-delivery/metrics/v1',
          status: 'pass',
          created: '2025-01-01T00:00:00Z',
          metrics: [
            {
              name: 'accuracy',
              value: 0.9,
              unit: null,
              direction: 'max',
              ci: [0.88, 0.92],
              n: 100,
              split: 'holdout',
            },
          ],
        }),
        'junit/unit.xml':
          '<testsuites><testsuite><testcase name="a" time="0.5"/></testsuite></testsuites>',
        'evaluation.json': '{"broken"',
        'MODEL_CARD.md': '# Reported',
        'ignored.parquet': 'x',
      };
      for (const [name, content] of Object.entries(reports)) {
        await registry.seed.upload(`${run.artifacts}/reports/${name}`, content);
      }
      await registry.seed.version('reported', {
        runId: run.id,
        tags: { 'slipway.run': 'run-9' },
      });
    });

    it('become evidence, a broken one too', async () => {
      const found = await registry.provider.getEvidence(model, '1', context);
      for (const item of found) evidenceSchema.parse(item);
      expect(
        found.map(({ kind, status, runId }) => [kind, status, runId]).sort(),
      ).toEqual([
        ['evaluation', 'error', 'run-9'],
        ['metrics', 'pass', 'run-9'],
        ['model-card', 'pass', 'run-9'],
        ['tests', 'pass', 'run-9'],
      ]);
      expect(found.find(({ kind }) => kind === 'metrics')).toMatchObject({
        metrics: [expect.objectContaining({ ci: [0.88, 0.92], n: 100 })],
      });
    });

    it('are too large to be read, and say so', async () => {
      const run = await registry.seed.run({ metrics: { accuracy: 0.9 } });
      await registry.seed.upload(
        `${run.artifacts}/reports/metrics.json`,
        Buffer.alloc(9 * 1024 * 1024, 32),
      );
      const version = await registry.seed.version('reported', {
        runId: run.id,
      });
      expect(
        await registry.provider.getEvidence(model, version, context),
      ).toEqual([
        expect.objectContaining({
          kind: 'metrics',
          status: 'error',
          summary: expect.stringContaining('9437184 bytes'),
        }),
      ]);
    });

    it('leave the metrics of the run where there are none', async () => {
      const run = await registry.seed.run({
        metrics: { accuracy: 0.912345, lost: 'NaN' },
      });
      const version = await registry.seed.version('reported', {
        runId: run.id,
      });
      expect(
        await registry.provider.getEvidence(model, version, context),
      ).toEqual([
        expect.objectContaining({
          kind: 'metrics',
          summary: 'accuracy 0.912, lost is not known',
          runId: null,
        }),
      ]);
    });

    it('give the card, or else the description', async () => {
      expect(await registry.provider.getCard(model, '1', context)).toBe(
        '# Reported',
      );
      const described = await registry.seed.version('reported', {
        runId: (await registry.seed.run()).id,
        description: 'Made by hand',
      });
      expect(await registry.provider.getCard(model, described, context)).toBe(
        'Made by hand',
      );
    });

    it('cuts a card that nobody reads to its end', async () => {
      const run = await registry.seed.run();
      await registry.seed.upload(
        `${run.artifacts}/MODEL_CARD.md`,
        'x'.repeat(600_000),
      );
      const version = await registry.seed.version('reported', {
        runId: run.id,
      });
      const card = await registry.provider.getCard(model, version, context);
      expect(card!.length).toBeLessThan(525_000);
      expect(card).toMatch(/The card is cut here/);
    });
  });
}
