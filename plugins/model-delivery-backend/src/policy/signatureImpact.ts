import type {
  Evidence,
  Impact,
} from '@slipway/plugin-model-delivery-common/schema';
import { evidenceOf } from './evidenceOf';
import { listed } from './listed';
import { compareSignatures } from './signature';

/** What is known of one version and its signature. */
export interface SignedVersion {
  version: string;
  evidence: Evidence[];
}

/** What a version means for the callers of the live one. Unknown is not compatible. */
export function signatureImpact(
  next: SignedVersion,
  live: SignedVersion | null,
): Impact['signature'] {
  if (!live || live.version === next.version) {
    const summary = live
      ? `${live.version} is live already.`
      : 'No version is live here yet, so nobody calls it.';
    return { verdict: 'compatible', summary, changes: [] };
  }
  const after = evidenceOf(next.evidence, 'signature');
  const before = evidenceOf(live.evidence, 'signature');
  if (!after || !before) {
    const { version } = after ? live : next;
    return {
      verdict: 'unknown',
      summary: `The signature of ${version} is not known.`,
      changes: [],
    };
  }
  const { verdict, changes } = compareSignatures(
    before.signature,
    after.signature,
  );
  const summaries = {
    compatible: `The signature is the same as that of ${live.version}.`,
    widened: `Callers of ${live.version} can go on: ${listed(changes)}.`,
    breaking: `Breaks callers of ${live.version}: ${listed(changes)}.`,
  };
  return { verdict, summary: summaries[verdict], changes };
}
