import { z } from 'zod';
import { DEPLOYMENT_STATES } from '../delivery/stateMachine';
import { timestamp } from './base';

/**
 * One person's decision on a deployment that waits. It is bound to the digest and the gate results
 * that the person saw.
 */
export const approval = z
  .object({
    /** Entity ref of the person. */
    by: z.string(),
    decision: z.enum(['approve', 'reject']),
    reason: z.string().nullable(),
    at: timestamp,
    /** When and why it stopped counting; null while it counts. */
    lapsed: z.object({ at: timestamp, reason: z.string() }).nullable(),
  })
  .meta({ id: 'Approval' });
export type Approval = z.infer<typeof approval>;

/** Whether people were notified that a deployment reached a state. */
export const deploymentNotice = z
  .object({
    state: z.enum(DEPLOYMENT_STATES),
    /** Entity refs of persons and groups. */
    recipients: z.array(z.string()),
    at: timestamp,
    /** Why nobody was notified; null where the notification was sent. */
    problem: z.string().nullable(),
  })
  .meta({ id: 'DeploymentNotice' });
export type DeploymentNotice = z.infer<typeof deploymentNotice>;

/** Who wrote the commits of a version since the live one. */
export const commitAuthors = z
  .object({
    /** The live version; null where there was none, and then all commits count. */
    since: z.string().nullable(),
    /** Names or addresses, as the provider tells them; null where they are unknown. */
    names: z.array(z.string()).nullable(),
    /** Why they are unknown. */
    problem: z.string().nullable(),
  })
  .meta({ id: 'CommitAuthors' });
export type CommitAuthors = z.infer<typeof commitAuthors>;

/** Who is asked to approve a deployment, and how they decided. */
export const approvalRequest = z
  .object({
    required: z.int().min(1),
    /** Entity refs of the groups and persons who are asked. */
    from: z.array(z.string()),
    expiresAt: timestamp.nullable(),
    /** Of the gate results and the version digest that are to be approved. */
    gateHash: z.string().nullable(),
    /** Oldest first, those that lapsed included. */
    decisions: z.array(approval),
    /** Only where the person who alone wrote the commits is not counted. */
    authors: commitAuthors.nullable(),
    /** Oldest first. */
    notices: z.array(deploymentNotice),
    /** Why the caller cannot decide; null where the caller can. */
    callerProblem: z.string().nullable(),
  })
  .meta({ id: 'ApprovalRequest' });
export type ApprovalRequest = z.infer<typeof approvalRequest>;
