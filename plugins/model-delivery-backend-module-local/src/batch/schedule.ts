import {
  type BatchJob,
  batchJob,
} from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { CronTime } from 'cron';
import { z } from 'zod';

const batchTarget = z.looseObject({ batch: batchJob.optional() });

/**
 * The batch job of a target; null where it asks for a server.
 *
 * @throws ProviderError `bad-data`, also for a schedule that never comes.
 */
export function batchJobOf(target: unknown): BatchJob | null {
  const parsed = batchTarget.safeParse(target ?? {});
  if (!parsed.success) {
    throw new ProviderError(
      'bad-data',
      'The batch of a target needs a schedule of five cron fields and a relative input.',
    );
  }
  const job = parsed.data.batch ?? null;
  if (job) dueAfter(job, 0);
  return job;
}

/**
 * When a run is due next.
 *
 * @param at - milliseconds since 1970; what is due at that moment is not next.
 * @returns milliseconds since 1970.
 * @throws ProviderError `bad-data` for a schedule that never comes, such as 31 February.
 */
export function dueAfter(
  { schedule, timeZone }: Pick<BatchJob, 'schedule' | 'timeZone'>,
  at: number,
): number {
  try {
    return new CronTime(schedule, timeZone)
      .getNextDateFrom(new Date(at), timeZone)
      .toMillis();
  } catch (error) {
    throw new ProviderError(
      'bad-data',
      `The schedule "${schedule}" has no valid time. Correct it in the entity.`,
      { cause: error },
    );
  }
}
