import { NotFoundError } from '@backstage/errors';
import {
  ANNOTATION_INTENDED_USE,
  ANNOTATION_RISK_CLASS,
} from '@slipway/plugin-model-delivery-common';
import type {
  Dossier,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import { shownDeployment } from '../database/deploymentRows';
import type { Stores } from '../database/stores';

const MAX_DEPLOYMENTS = 200;

/**
 * Reads all that is stored about a version. The card comes from the registry: where that fails, the
 * dossier says so.
 *
 * @param readCard - the card as Markdown, or null where the version has none.
 * @throws NotFoundError for an unknown version.
 */
export async function readDossier(
  stores: Stores,
  spec: ModelSpec,
  versionName: string,
  readCard: () => Promise<string | null>,
  now: Date,
): Promise<Dossier> {
  const version = await stores.versions.get(spec.entityRef, versionName);
  if (!version) {
    throw new NotFoundError(
      `There is no version ${versionName} of ${spec.name}, or you do not have permission to see it`,
    );
  }
  const evidence = await stores.versions.evidence(spec.entityRef, {
    type: 'version',
    id: versionName,
  });
  const found = await stores.dossiers.deploymentsOf(
    spec.entityRef,
    versionName,
    MAX_DEPLOYMENTS + 1,
  );
  const card = version.hasCard
    ? await readCard().then(
        text => ({ card: text, cardProblem: null }),
        (error: Error) => ({ card: null, cardProblem: error.message }),
      )
    : { card: null, cardProblem: null };
  return {
    generatedAt: now.toISOString(),
    model: {
      entityRef: spec.entityRef,
      title: spec.title,
      description: spec.description,
      owner: spec.owner,
      system: spec.system,
      type: spec.type,
      framework: spec.framework,
      lifecycle: spec.lifecycle,
      intendedUse: spec.annotations[ANNOTATION_INTENDED_USE] ?? null,
      riskClass: spec.annotations[ANNOTATION_RISK_CLASS] ?? null,
      trainedOn: spec.trainedOn,
      providesApis: spec.providesApis,
    },
    version,
    ...card,
    evidence,
    deployments: found
      .slice(0, MAX_DEPLOYMENTS)
      .map(({ deployment, events, decisions }) => ({
        ...shownDeployment(deployment),
        events,
        decisions,
      })),
    limited: found.length > MAX_DEPLOYMENTS,
  };
}
