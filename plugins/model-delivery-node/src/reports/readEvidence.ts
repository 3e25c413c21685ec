import fs from 'node:fs/promises';
import path from 'node:path';
import type { Evidence } from '@slipway/plugin-model-delivery-common';
import { dataValidation } from './dataReport';
import { ReportError } from './envelope';
import { evaluation, metrics } from './evaluationReports';
import { card, other, sbom } from './otherReports';
import { withOrigin } from './origin';
import { performance } from './performanceReport';
import {
  MissingReportError,
  type ReportContext,
  type ReportFile,
  readLimited,
} from './reportFile';
import { sentence } from './summaries';
import { tests } from './testReports';

/** Evidence with the name under which a later one of its kind replaces it. */
export interface KeyedEvidence {
  key: string;
  evidence: Evidence;
}

/** What each verb of the contract writes. */
const REPORTS: Record<string, ReportFile[]> = {
  lint: [other('lint', 'lint.json')],
  'test-unit': [tests('unit')],
  'test-integration': [tests('integration')],
  'test-behaviour': [tests('behaviour')],
  'data-validate': [dataValidation],
  select: [other('selection', 'selection.json')],
  evaluate: [metrics, evaluation],
  perf: [performance],
  card: [card],
  sbom: [sbom],
};

/**
 * What the reports of one verb say. A report that is missing, broken or too large is evidence of
 * status `error` with its reason; nothing here throws for what a project wrote.
 *
 * @param failure - why the job failed, if it did: it explains a report that is not there.
 */
export async function readEvidence(
  verb: string,
  folder: string,
  context: ReportContext,
  failure: string | null,
): Promise<KeyedEvidence[]> {
  const read = (REPORTS[verb] ?? []).map(report =>
    readReport(report, folder, context, failure),
  );
  return await Promise.all(read);
}

/**
 * What a whole reports folder says: every report of the contract that is there. One that is
 * missing is left out, one that is broken is evidence of status `error`.
 */
export async function readAllEvidence(
  folder: string,
  context: ReportContext,
): Promise<KeyedEvidence[]> {
  const found: KeyedEvidence[] = [];
  for (const report of Object.values(REPORTS).flat()) {
    const written = await fs.lstat(path.join(folder, report.file)).then(
      () => true,
      () => false,
    );
    if (written) found.push(await readReport(report, folder, context, null));
  }
  return found;
}

async function readReport(
  report: ReportFile,
  folder: string,
  context: ReportContext,
  failure: string | null,
): Promise<KeyedEvidence> {
  const name = `reports/${report.file}`;
  try {
    const content = await readLimited(path.join(folder, report.file), name);
    return {
      key: report.key,
      evidence: withOrigin(
        await report.parse(context)(content, folder),
        content,
        context.checkout,
      ),
    };
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    const missing = error instanceof MissingReportError;
    return {
      key: report.key,
      evidence: report.broken(
        context,
        sentence(missing && failure ? failure : error.message),
      ),
    };
  }
}
