import type {
  Evidence,
  EvidenceOf,
} from '@slipway/plugin-model-delivery-common/schema';

/** The evidence of a kind, of which there is one at most; the newest replaces an older one. */
export function evidenceOf<K extends Evidence['kind']>(
  evidence: Evidence[],
  kind: K,
): EvidenceOf<K> | undefined {
  return evidence.find((e): e is EvidenceOf<K> => e.kind === kind);
}
