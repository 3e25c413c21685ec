import { z } from 'zod';
import { approval } from './approval';
import { timestamp } from './base';
import { deployment, deploymentEvent } from './deployment';
import { evidence } from './evidence';
import { version } from './version';

/** Everything that Slipway knows of how a version came into production. */
export const dossier = z
  .object({
    generatedAt: timestamp,
    model: z.object({
      entityRef: z.string(),
      title: z.string().nullable(),
      description: z.string().nullable(),
      owner: z.string().nullable(),
      system: z.string().nullable(),
      type: z.string(),
      framework: z.string().nullable(),
      lifecycle: z.string().nullable(),
      /** As the entity declares them; null where it does not. */
      intendedUse: z.string().nullable(),
      riskClass: z.string().nullable(),
      trainedOn: z.array(z.string()),
      providesApis: z.array(z.string()),
    }),
    version: version.omit({ liveIn: true }),
    /** Markdown; null where there is none or it could not be read. */
    card: z.string().nullable(),
    /** Why the card could not be read. */
    cardProblem: z.string().nullable(),
    evidence: z.array(evidence),
    /** Newest first, with what happened and how people decided, oldest first. */
    deployments: z.array(
      deployment.extend({
        events: z.array(deploymentEvent),
        decisions: z.array(approval),
      }),
    ),
    /** Whether older deployments were left out. */
    limited: z.boolean(),
  })
  .meta({ id: 'Dossier' });
export type Dossier = z.infer<typeof dossier>;
