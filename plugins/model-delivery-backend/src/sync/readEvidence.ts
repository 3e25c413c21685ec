import {
  type Evidence,
  type EvidenceOf,
  evidence,
  type Signature,
  signature as signatureSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type ModelTarget,
  type ProviderContext,
  ProviderError,
  type VersionProvider,
} from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';
import { parseAnswer } from '../providers/parseAnswer';

/** What of a registry's failures says that there is no signature to be had, now and later. */
const NO_SIGNATURE = ['bad-data', 'not-found', 'unsupported'];

/**
 * What a registry knows was proved about a version, and its signature. It is all or nothing: of
 * evidence that is there in part a gate would say that the rest is missing.
 *
 * @param version - with when it was registered, which is when its signature was recorded. A version
 *   of which that is not known yet is read again.
 */
export async function readEvidence(
  registry: VersionProvider,
  model: ModelTarget,
  version: { version: string; createdAt: string | undefined },
  context: ProviderContext,
): Promise<Evidence[]> {
  const proved = parseAnswer(
    registry,
    { thing: `version ${version.version}`, part: 'evidence' },
    z.array(evidence),
    await registry.getEvidence(model, version.version, context),
  );
  if (version.createdAt === undefined) return proved;
  const declared = await signatureOf(registry, model, version.version, context);
  if (!declared) return proved;
  const item: EvidenceOf<'signature'> = {
    kind: 'signature',
    status: 'pass',
    summary: `${count(declared.inputs.length, 'input')}, ${count(declared.outputs.length, 'output')}`,
    at: version.createdAt,
    runId: null,
    signature: declared,
  };
  return [...proved, item];
}

async function signatureOf(
  registry: VersionProvider,
  model: ModelTarget,
  version: string,
  context: ProviderContext,
): Promise<Signature | null> {
  try {
    return parseAnswer(
      registry,
      { thing: `version ${version}`, part: 'signature' },
      signatureSchema.nullable(),
      await registry.getSignature(model, version, context),
    );
  } catch (error) {
    if (error instanceof ProviderError && NO_SIGNATURE.includes(error.kind)) {
      return null;
    }
    throw error;
  }
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
