import fs from 'node:fs';
import path from 'node:path';

/** An answer that a real server gave. */
export interface Recorded {
  status: number;
  content_type: string;
  body: any;
}

/** @param name - such as `prometheus/query-bad`. */
export function recorded(name: string): Recorded {
  const file = path.join(__dirname, '../__fixtures__', `${name}.json`);
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
