import {
  type Evidence,
  evidence,
} from '@slipway/plugin-model-delivery-common/schema';
import type {
  ModelTarget,
  ProviderContext,
  VersionProvider,
} from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';
import { parseAnswer } from '../providers/parseAnswer';

/**
 * What a registry knows was proved about a version. It is all or nothing: of evidence that is there
 * in part a gate would say that the rest is missing.
 */
export async function readEvidence(
  registry: VersionProvider,
  model: ModelTarget,
  version: string,
  context: ProviderContext,
): Promise<Evidence[]> {
  return parseAnswer(
    registry,
    { thing: `version ${version}`, part: 'evidence' },
    z.array(evidence),
    await registry.getEvidence(model, version, context),
  );
}
