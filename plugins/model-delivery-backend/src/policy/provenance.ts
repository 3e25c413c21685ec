import type {
  Evidence,
  EvidenceOrigin,
} from '@slipway/plugin-model-delivery-common/schema';
import { fromEvidence, fromRegistry, reportName } from './basis';
import type { GateInput } from './gateInput';
import { fail, pass, unknown, type Verdict } from './verdict';

type Traced = Evidence & { origin: EvidenceOrigin };

/**
 * Judges whether the evidence is of this very version: made from its commit, with no change that is in
 * no commit, and about its artifact.
 */
export function judgeProvenance(input: GateInput): Verdict {
  const { commit, digest, version } = input.version;
  if (!commit || !digest) {
    return unknown(
      `The registry has no ${commit ? 'digest' : 'commit'} of ${version}.`,
      fromRegistry(input, commit ?? digest ?? 'none'),
    );
  }
  const traced = input.evidence.filter(
    (item): item is Traced => item.origin !== undefined,
  );
  const problem = traced.map(item => problemOf(item, commit, digest));
  const first = problem.findIndex(text => text !== null);
  if (first >= 0) {
    return fail(
      problem[first]!,
      fromEvidence(input, traced[first], traced[first].origin.commit),
    );
  }
  const clean = traced.find(({ origin }) => origin.dirty === false);
  const about = traced.find(({ origin }) => origin.artifactDigest === digest);
  const basis = about
    ? fromEvidence(input, about, `${commit} ${digest}`)
    : fromRegistry(input, `${commit} ${digest}`);
  if (!about) {
    return unknown(
      `No report names the artifact ${short(digest)} of ${version}.`,
      basis,
      'rerun',
    );
  }
  return clean
    ? pass(
        `Built from ${short(commit)} without other changes; the ${reportName(about)} is about ${short(digest)}.`,
        basis,
      )
    : unknown(
        `No report says whether the checkout of ${short(commit)} had uncommitted changes.`,
        basis,
        'rerun',
      );
}

function problemOf(
  item: Traced,
  commit: string,
  digest: string,
): string | null {
  const { origin } = item;
  const name = reportName(item);
  if (origin.dirty) {
    return `The ${name} was made from a checkout with uncommitted changes.`;
  }
  if (origin.commit !== null && origin.commit !== commit) {
    return `The ${name} was made from ${short(origin.commit)}, and the version from ${short(commit)}.`;
  }
  if (origin.artifactDigest !== null && origin.artifactDigest !== digest) {
    return `The ${name} is about ${short(origin.artifactDigest)}, and the version is ${short(digest)}.`;
  }
  return null;
}

/** As people compare them: the first seven digits. */
function short(id: string): string {
  return id.replace('sha256:', '').slice(0, 7);
}
