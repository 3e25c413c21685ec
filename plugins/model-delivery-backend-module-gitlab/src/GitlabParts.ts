import type { Budgets, Pace } from '@slipway/plugin-model-delivery-node/http';
import type { Connection } from './client/Connection';
import type { GitlabClient } from './client/GitlabClient';
import type { AuthorReader } from './commits/AuthorReader';
import type { GitlabInstance } from './config';
import type { Records } from './deployments/Records';
import type { EvidenceReader } from './evidence/EvidenceReader';
import type { LogReader } from './logs/LogReader';
import type { PipelineReader } from './pipelines/PipelineReader';
import type { Candidates } from './projects/Candidates';
import type { Proposals } from './projects/Proposals';
import type { Starts } from './starts/Starts';

/** What the providers of one host share. */
export interface GitlabParts {
  instance: GitlabInstance;
  client: GitlabClient;
  budgets: Budgets;
  pace: Pace;
  connection: Connection;
  pipelines: PipelineReader;
  evidence: EvidenceReader;
  logs: LogReader;
  starts: Starts;
  records: Records;
  authors: AuthorReader;
  candidates: Candidates;
  proposals: Proposals;
  followSeconds: number;
}
