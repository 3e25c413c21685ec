/** As many entries as the backend gives at once. */
const AT_ONCE = 10_000;

export type ExportFormat = 'csv' | 'jsonl';

/**
 * The whole audit trail as one text, oldest entry first.
 *
 * @param entries - as many as there are: they are numbered from 1 without a gap.
 */
export async function exportAll(
  format: ExportFormat,
  entries: number,
  ask: (page: {
    format: ExportFormat;
    after: number;
    limit: number;
  }) => Promise<string>,
): Promise<string> {
  let text = '';
  for (let after = 0; after === 0 || after < entries; after += AT_ONCE) {
    const page = await ask({ format, after, limit: AT_ONCE });
    // Every page of a table begins with its header.
    text +=
      format === 'csv' && after > 0 ? page.slice(page.indexOf('\n') + 1) : page;
  }
  return text;
}
