import type {
  AuditorService,
  HttpAuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type {
  ModelSpec,
  SourceDetail,
} from '@slipway/plugin-model-delivery-common/schema';
import { openApiDocument } from '@slipway/plugin-model-delivery-common/openapi';
import type {
  ChampionRef,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import express from 'express';
import Router from 'express-promise-router';
import type { Stores } from '../database/stores';
import type { DeliveryService } from '../delivery/DeliveryService';
import type { Onboarding } from '../onboarding/Onboarding';
import type { ProjectEntities } from '../onboarding/ProjectEntities';
import type { RegisteredModels } from '../onboarding/RegisteredModels';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import type { EvidenceReader } from '../sync/EvidenceReader';
import type { Authorizer } from './Authorizer';
import { mountDeployments } from './deployments';
import { mountDiscovery } from './discovery';
import { mountEnvironments } from './environments';
import { mountEvents } from './events';
import { mountModels } from './models';
import { mountMonitors } from './monitors';
import type { MountOptions } from './mount';
import { mountOnboarding } from './onboarding';
import { mountProjects } from './projects';
import { RequestKeys } from './RequestKeys';
import { mountRuns } from './runs';
import { mountSources } from './sources';
import { cachedHealth } from './cachedHealth';
import { refuseOtherMethods } from './refuseOtherMethods';
import { mountVersions } from './versions';

/** What the routes work with. */
export interface RouteDeps {
  stores: Stores;
  registry: ProviderRegistry;
  delivery: DeliveryService;
  onboarding: Onboarding;
  registeredModels: RegisteredModels;
  projectEntities: ProjectEntities;
  /** Every provider and how it fares. */
  listSources(): Promise<SourceDetail[]>;
  logger: LoggerService;
  now: () => Date;
  /** Summarises a model now. */
  refresh(entityRef: string): Promise<void>;
  wakeSync(): void;
  wakeDelivery(): void;
  evidence: EvidenceReader;
  /** What a new version has to be compared with now. */
  championOf(spec: ModelSpec): Promise<ChampionRef | null>;
  unsupported(message: string): ProviderError;
}

const JSON_LIMIT = '1mb';
/** A project is sent whole, in base64. */
const PROJECT_LIMIT = '80mb';

export function createRouter(
  deps: RouteDeps,
  access: {
    httpAuth: HttpAuthService;
    authorizer: Authorizer;
    auditor: AuditorService;
    findModel: MountOptions['findModel'];
  },
): express.Router {
  const router = Router();
  router.use('/projects', express.json({ limit: PROJECT_LIMIT }));
  router.use(express.json({ limit: JSON_LIMIT }));
  router.use(refuseOtherMethods);
  const document = openApiDocument();
  router.get('/openapi.json', (_, res) => {
    res.json(document);
  });
  const health = cachedHealth(deps);
  // For probes, which have no token: it tells how many sources fail, and not which.
  router.get('/health', async (_, res) => {
    res.json(await health());
  });
  const options: MountOptions = {
    router,
    ...access,
    requestKeys: new RequestKeys(deps.stores.idempotency, deps.now),
  };
  mountModels(options, deps);
  mountRuns(options, deps);
  mountVersions(options, deps);
  mountEnvironments(options, deps);
  mountDeployments(options, deps);
  mountMonitors(options, deps);
  mountSources(options, deps);
  mountDiscovery(options, deps);
  mountProjects(options, deps);
  mountEvents(options, deps);
  mountOnboarding(options, deps);
  return router;
}
