import fs from 'node:fs/promises';
import type { Evidence } from '@slipway/plugin-model-delivery-common';
import { ReportError } from './envelope';

/** Bytes; a report is read by people. */
const REPORT_LIMIT = 8 * 1024 * 1024;

export interface ReportContext {
  runId: string;
  /** When it was read, for reports that do not say when they were made. */
  at: string;
  /** The commit that the reader itself checked out for the run, where it did. */
  checkout?: string;
}

/** How one file of the reports folder becomes evidence. */
export interface ReportFile {
  /** A later report of the same key replaces this one. */
  key: string;
  /** Under the reports folder. */
  file: string;
  /** @throws ReportError */
  parse: (
    context: ReportContext,
  ) => (content: Buffer, folder: string) => Promise<Evidence> | Evidence;
  /** What stands for a report that cannot be read. */
  broken: (context: ReportContext, reason: string) => Evidence;
}

/** A report that a job should have written. */
export class MissingReportError extends ReportError {}

/** @param name - as people know the file. @throws ReportError */
export async function readLimited(file: string, name: string): Promise<Buffer> {
  const stat = await fs.lstat(file).catch(() => undefined);
  if (!stat) throw new MissingReportError(`${name} was not written.`);
  if (!stat.isFile()) throw new ReportError(`${name} is not a file.`);
  if (stat.size > REPORT_LIMIT) {
    throw new ReportError(
      `${name} has ${stat.size} bytes; at most ${REPORT_LIMIT} are read.`,
    );
  }
  return await fs.readFile(file);
}

/** RFC 3339 in UTC, whatever the zone it was said in. */
export function utc(time: string): string {
  return new Date(time).toISOString();
}
