import type { HistoryEntry } from '@slipway/plugin-model-delivery-common/schema';
import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountModel } from './mount';

const COLUMNS = [
  'seq',
  'at',
  'by',
  'what',
  'outcome',
  'environment',
  'deploymentId',
  'from',
  'to',
  'reason',
  'message',
  'requestId',
  'previousHash',
  'hash',
] as const satisfies (keyof HistoryEntry)[];

export function mountHistory(options: MountOptions, deps: RouteDeps): void {
  const { history, historyChecks } = deps.stores;

  mountModel(options, 'getAudit', async ({ spec, query }) => ({
    ...(await history.list(spec.entityRef, query)),
    head: await history.head(spec.entityRef),
    check: await historyChecks.last(spec.entityRef),
  }));

  mountModel(options, 'verifyAudit', async ({ spec }) =>
    historyChecks.verify(spec.entityRef, deps.now().toISOString()),
  );

  mountModel(options, 'exportAudit', async ({ spec, query }) => {
    const { after, limit, format } = query;
    const entries = await history.after(spec.entityRef, after, limit);
    const lines =
      format === 'csv'
        ? [
            COLUMNS.join(','),
            ...entries.map(entry =>
              COLUMNS.map(column => cell(entry[column])).join(','),
            ),
          ]
        : entries.map(entry =>
            JSON.stringify({ entityRef: spec.entityRef, ...entry }),
          );
    return lines.map(line => `${line}\n`).join('');
  });
}

/** A spreadsheet takes text that begins like a formula for one, so such text begins with an apostrophe. */
function cell(value: string | number | null): string {
  if (typeof value === 'number') return String(value);
  const text = value ?? '';
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
