import type { Budgets, Pace } from '@slipway/plugin-model-delivery-node/http';
import type { Connection } from './client/Connection';
import type { GithubClient } from './client/GithubClient';
import type { AuthorReader } from './commits/AuthorReader';
import type { GithubInstance } from './config';
import type { Records } from './deployments/Records';
import type { EvidenceReader } from './evidence/EvidenceReader';
import type { LogReader } from './logs/LogReader';
import type { RunReader } from './pipelines/RunReader';
import type { CancelRun } from './pipelines/cancelRun';
import type { Protection } from './protection/Protection';
import type { Candidates } from './repositories/Candidates';
import type { Proposals } from './repositories/Proposals';
import type { Workflows } from './workflows/Workflows';

/** What the providers of one host share. */
export interface GithubParts {
  instance: GithubInstance;
  client: GithubClient;
  budgets: Budgets;
  pace: Pace;
  runs: RunReader;
  evidence: EvidenceReader;
  logs: LogReader;
  workflows: Workflows;
  records: Records;
  proposals: Proposals;
  candidates: Candidates;
  authors: AuthorReader;
  connection: Connection;
  cancelRun: CancelRun;
  protection: Protection;
  followSeconds: number;
}
