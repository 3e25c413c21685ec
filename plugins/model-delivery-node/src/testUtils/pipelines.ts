import {
  evidence,
  job,
  logChunk,
  run,
} from '@slipway/plugin-model-delivery-common/schema';
import type { ModelTarget } from '../providers/common';
import type { PipelineProvider } from '../providers/PipelineProvider';
import {
  type Faults,
  abortedContext,
  faultContract,
  freshContext,
  identityContract,
} from './faults';
import { pagingContract } from './paging';

export interface PipelineHarness {
  provider: PipelineProvider;
  /** Has three runs or more, all ended; the newest has jobs, evidence and a log. */
  model: ModelTarget;
  /** Exists and has no runs. */
  emptyModel: ModelTarget;
  /** Does not exist. */
  missingModel: ModelTarget;
  /** Its target is not what this provider needs. */
  malformedModel: ModelTarget;
  /** A job of the newest run whose log has three lines or more. */
  jobWithLog: string;
  /** Called when the suite has ended. */
  close?: () => Promise<void>;
}

const providerRun = run.omit({ provider: true });

export interface PipelineContract {
  /** Made once, before the suite. */
  harness: () => Promise<PipelineHarness>;
  /** Whether runs may be triggered. */
  acts: boolean;
  faults?: Faults<PipelineProvider>;
}

/** Declares the suite of a `PipelineProvider`. */
export function pipelineContract(contract: PipelineContract): void {
  describe('pipeline provider contract', () => {
    let harness: PipelineHarness;
    let runId: string;
    beforeAll(async () => {
      harness = await contract.harness();
      const { items } = await harness.provider.listRuns(
        harness.model,
        { limit: 1 },
        freshContext(),
      );
      runId = items[0].id;
    });
    afterAll(() => harness?.close?.());

    identityContract(() => harness.provider);
    pagingContract({
      list: (page, context) =>
        harness.provider.listRuns(harness.model, page, context),
      empty: (page, context) =>
        harness.provider.listRuns(harness.emptyModel, page, context),
      idOf: item => item.id,
      timeOf: item => item.createdAt,
    });

    it('tells runs, jobs and evidence in our words', async () => {
      const { provider, model } = harness;
      const { items } = await provider.listRuns(
        model,
        { limit: 100 },
        freshContext(),
      );
      for (const item of items) providerRun.parse(item);
      const alone = await provider.getRun?.(model, runId, freshContext());
      expect(alone ?? items[0]).toEqual(items[0]);
      const jobs = await provider.getJobs(model, runId, freshContext());
      expect(jobs.length).toBeGreaterThan(0);
      jobs.forEach((item, index) => {
        job.parse(item);
        const earlier = jobs.slice(0, index).map(({ id }) => id);
        expect(earlier).toEqual(expect.arrayContaining(item.needs));
      });
      const proved = await provider.getEvidence(model, runId, freshContext());
      expect(proved.length).toBeGreaterThan(0);
      for (const item of proved) evidence.parse(item);
    });

    it('reads a log in pieces as it reads it whole', async () => {
      const read = async (after: number, limit: number) =>
        logChunk.parse(
          await harness.provider.readLog(
            harness.model,
            runId,
            harness.jobWithLog,
            { after, limit },
            freshContext(),
          ),
        );
      const whole = await read(0, 10_000);
      expect(whole.lines.length).toBeGreaterThanOrEqual(3);
      expect(whole.ended).toBe(true);
      const pieces = [];
      for (let after = 0; ;) {
        const piece = await read(after, 2);
        expect(piece.lines.length).toBeLessThanOrEqual(2);
        pieces.push(...piece.lines);
        if (piece.ended) break;
        expect(piece.next).toBeGreaterThan(after);
        after = piece.next;
      }
      expect(pieces).toEqual(whole.lines);
      expect((await read(whole.next, 10)).lines).toEqual([]);
    });

    it('says that something is missing', async () => {
      const { provider, model, missingModel } = harness;
      const missing = { name: 'ProviderError', kind: 'not-found' };
      await expect(
        provider.listRuns(missingModel, { limit: 1 }, freshContext()),
      ).rejects.toMatchObject(missing);
      if (provider.getRun) {
        await expect(
          provider.getRun(model, 'no-such-run', freshContext()),
        ).rejects.toMatchObject(missing);
      }
      await expect(
        provider.getJobs(model, 'no-such-run', freshContext()),
      ).rejects.toMatchObject(missing);
      await expect(
        provider.getEvidence(model, 'no-such-run', freshContext()),
      ).rejects.toMatchObject(missing);
      await expect(
        provider.readLog(
          model,
          runId,
          'no-such-job',
          { after: 0, limit: 1 },
          freshContext(),
        ),
      ).rejects.toMatchObject(missing);
      await expect(
        provider.cancel(model, 'no-such-run', { by: 'x' }, freshContext()),
      ).rejects.toMatchObject(missing);
    });

    it('refuses a target that is not one of its own', async () => {
      await expect(
        harness.provider.listRuns(
          harness.malformedModel,
          { limit: 1 },
          freshContext(),
        ),
      ).rejects.toMatchObject({ name: 'ProviderError', kind: 'bad-data' });
    });

    it('does nothing once it is aborted', async () => {
      const { provider, model } = harness;
      const context = abortedContext();
      const calls = [
        provider.listRuns(model, { limit: 1 }, context),
        provider.getJobs(model, runId, context),
        provider.getEvidence(model, runId, context),
        provider.readLog(
          model,
          runId,
          harness.jobWithLog,
          { after: 0, limit: 1 },
          context,
        ),
      ];
      for (const call of calls) await expect(call).rejects.toBeDefined();
    });

    if (contract.acts) {
      it('triggers and runs again once for each key', async () => {
        const { provider, model } = harness;
        const trigger = (key: string) =>
          provider.trigger(
            model,
            { kind: 'training', ref: 'main', key, reason: 'contract', by: 'x' },
            freshContext(),
          );
        const first = await trigger('contract-1');
        expect(await trigger('contract-1')).toEqual(first);
        const second = await trigger('contract-2');
        expect(second.runId).not.toBe(first.runId);
        const rerun = () =>
          provider.rerun(
            model,
            runId,
            { key: 'contract-3', by: 'x' },
            freshContext(),
          );
        const again = await rerun();
        expect(again.runId).not.toBe(runId);
        expect(await rerun()).toEqual(again);
        for (const begun of [first, second, again]) {
          await provider.cancel(
            model,
            begun.runId,
            { by: 'x' },
            freshContext(),
          );
          await provider.cancel(
            model,
            begun.runId,
            { by: 'x' },
            freshContext(),
          );
        }
        await expect(
          provider.trigger(
            model,
            {
              kind: 'training',
              ref: 'no-such-branch',
              key: 'contract-4',
              reason: 'contract',
              by: 'x',
            },
            freshContext(),
          ),
        ).rejects.toMatchObject({ name: 'ProviderError' });
      });

      it('takes the cancelling of what has ended for done', async () => {
        await harness.provider.cancel(
          harness.model,
          runId,
          { by: 'x' },
          freshContext(),
        );
      });
    }

    faultContract(contract.faults, (provider, context) =>
      provider.listRuns(harness.model, { limit: 1 }, context),
    );
  });
}
