import { z } from 'zod';
import { timestamp } from './base';

/** Something that was done to a model or denied, at its place in the model's chain. */
export const historyEntry = z
  .object({
    seq: z.int().describe('place in the chain of the model, from 1'),
    at: timestamp,
    by: z.string().describe('entity ref of a person, or `system`'),
    what: z
      .string()
      .describe(
        'the operation that was requested, or the action and the new state of a deployment',
      ),
    outcome: z
      .enum(['asked', 'done', 'denied'])
      .describe('`asked` is an allowed request before it has an effect'),
    environment: z.string().nullable(),
    deploymentId: z.string().nullable(),
    from: z.string().nullable().describe('version before'),
    to: z.string().nullable().describe('version after'),
    reason: z.string().nullable().describe('as the requester gave it'),
    message: z.string().nullable(),
    requestId: z
      .string()
      .nullable()
      .describe('equal for everything that one request did directly'),
    previousHash: z.string(),
    hash: z.string().describe('SHA-256 of the fields and of `previousHash`'),
  })
  .meta({ id: 'HistoryEntry' });
export type HistoryEntry = z.infer<typeof historyEntry>;

/** What a verification of a model's chain found. */
export const historyCheck = z
  .object({
    at: timestamp,
    entries: z.int().describe('entries that hold, from the first one on'),
    problem: z
      .object({
        seq: z.int().describe('the first entry that does not hold'),
        message: z.string(),
      })
      .nullable(),
  })
  .meta({ id: 'HistoryCheck' });
export type HistoryCheck = z.infer<typeof historyCheck>;

/** The end of a model's chain. */
export const historyHead = z.object({ seq: z.int(), hash: z.string() });
export type HistoryHead = z.infer<typeof historyHead>;
