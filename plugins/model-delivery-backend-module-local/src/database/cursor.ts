import { ProviderError } from '@slipway/plugin-model-delivery-node';

/** Pages are cut by sequence number, so they hold still while new rows arrive. */
export function encodeCursor(sequence: number): string {
  return Buffer.from(`s${sequence}`).toString('base64url');
}

/** @throws ProviderError `bad-data` */
export function decodeCursor(cursor: string): number {
  const match = /^s(\d{1,15})$/.exec(
    Buffer.from(cursor, 'base64url').toString('utf8'),
  );
  if (!match) {
    throw new ProviderError(
      'bad-data',
      `${JSON.stringify(cursor.slice(0, 100))} is not a cursor of this provider.`,
    );
  }
  return Number(match[1]);
}

/** Cuts a page out of rows of which one more than `limit` was asked for. */
export function pageOf<Row extends { seq: number }, T>(
  rows: Row[],
  limit: number,
  toItem: (row: Row) => T,
): { items: T[]; nextCursor?: string } {
  const page = rows.slice(0, limit);
  return {
    items: page.map(toItem),
    ...(rows.length > limit && {
      nextCursor: encodeCursor(page[page.length - 1].seq),
    }),
  };
}
