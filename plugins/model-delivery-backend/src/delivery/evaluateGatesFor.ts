import { createHash } from 'node:crypto';
import { NotFoundError } from '@backstage/errors';
import type {
  GateReport,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import { freezeAt } from '../calendar/freezeAt';
import type { Stores } from '../database/stores';
import type { GateInput } from '../policy/gateInput';
import { evaluateGates } from '../policy/gates';
import { predecessorOf } from '../policy/order';
import type { Targets } from '../providers/Targets';
import { environmentOf } from './environmentOf';
import { gateHash } from './gateHash';

/** The gates of an environment for one version, and what tells one evaluation from another. */
export interface Judged {
  report: GateReport;
  /** Equal while the evidence, the policy and the live version are. */
  fingerprint: string;
  /** Of the version. */
  digest: string | null;
  /** What an approval counts for. */
  gateHash: string;
}

/**
 * Evaluates the gates of an environment for a version, against the version that is live.
 *
 * @throws NotFoundError for an unknown environment or version.
 */
export async function evaluateGatesFor(
  { stores, targets }: { stores: Stores; targets: Targets },
  spec: ModelSpec,
  environment: string,
  version: string,
  now: string,
): Promise<Judged> {
  const declared = environmentOf(spec, environment);
  const stored = await stores.versions.get(spec.entityRef, version);
  if (!stored) {
    throw new NotFoundError(`${spec.name} has no version ${version}`);
  }
  const live = await stores.live.current(spec.entityRef);
  const here = live.get(environment);
  const { after } = declared;
  const evidence = await stores.versions.evidenceOf(spec.entityRef, 'version', [
    version,
    ...(here && here.version !== version ? [here.version] : []),
  ]);
  const input: GateInput = {
    environment: declared,
    version: stored,
    evidence: evidence.get(version) ?? [],
    live: here
      ? {
          version: here.version,
          digest: here.digest,
          since: here.from,
          evidence: evidence.get(here.version) ?? [],
        }
      : null,
    deploysWith: targets.deploysWith(declared),
    registry: spec.versions?.provider ?? null,
    predecessor:
      after === undefined
        ? null
        : predecessorOf(
            after,
            await stores.live.ofVersion(spec.entityRef, after, version),
          ),
    freeze: freezeAt(declared.freeze ?? [], new Date(now)),
    now,
  };
  const report = evaluateGates(input);
  return {
    report,
    fingerprint: fingerprintOf(input),
    digest: stored.digest,
    gateHash: gateHash(stored.digest, report),
  };
}

/** Equal while the evidence, the policy and the live version are. */
function fingerprintOf({ now, freeze, ...facts }: GateInput): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
