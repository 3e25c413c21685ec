import { createHash } from 'node:crypto';
import type { GateReport } from '@slipway/plugin-model-delivery-common/schema';

/** Gates whose value grows with time alone. While they pass, they are no news to an approver. */
const TIMED = /(^|-)(soak|freeze|max-age)$/;

/**
 * Equal while the version's digest, the outcomes of its gates and the observed values are. An approval
 * counts for one hash; times and the wording of reasons do not change it.
 */
export function gateHash(digest: string | null, report: GateReport): string {
  const results = report.gates
    .filter(({ id, outcome }) => outcome !== 'pass' || !TIMED.test(id))
    .map(({ id, outcome, observed }) => [id, outcome, observed]);
  return createHash('sha256')
    .update(JSON.stringify([report.version, digest, results]))
    .digest('hex');
}
