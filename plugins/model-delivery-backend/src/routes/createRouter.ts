import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { openApiDocument } from '@slipway/plugin-model-delivery-common/openapi';
import express from 'express';
import Router from 'express-promise-router';
import { mountApprovals } from './approvals';
import type { Authorizer } from './Authorizer';
import type { Callers } from './Callers';
import { mountDeployments } from './deployments';
import { mountDiscovery } from './discovery';
import { mountDossiers } from './dossiers';
import { mountEnvironments } from './environments';
import { mountEvents } from './events';
import { mountFigures } from './figures';
import { mountIncidents } from './incidents';
import { mountHistory } from './history';
import { mountModels } from './models';
import { mountMonitors } from './monitors';
import type { MountOptions } from './mount';
import { mountOnboarding } from './onboarding';
import { mountProjects } from './projects';
import { RequestKeys } from './RequestKeys';
import { RequestRecorder } from './RequestRecorder';
import { mountRuns } from './runs';
import { mountSources } from './sources';
import { cachedHealth } from './cachedHealth';
import { refuseOtherMethods } from './refuseOtherMethods';
import type { RouteDeps } from './RouteDeps';
import { mountVersions } from './versions';

const JSON_LIMIT = '1mb';
/** A project is sent whole, in base64. */
const PROJECT_LIMIT = '80mb';

export function createRouter(
  deps: RouteDeps,
  access: {
    httpAuth: HttpAuthService;
    authorizer: Authorizer;
    auditor: AuditorService;
    callers: Callers;
    findModel: MountOptions['findModel'];
  },
): express.Router {
  const router = Router();
  router.use('/projects', express.json({ limit: PROJECT_LIMIT }));
  router.use(express.json({ limit: JSON_LIMIT }));
  const document = openApiDocument();
  router.get('/openapi.json', (_, res) => {
    res.json(document);
  });
  const health = cachedHealth(deps);
  // For probes, which have no token: it tells how many sources fail, and not which.
  router.get('/health', async (_, res) => {
    res.json(await health());
  });
  const options: MountOptions & { callers: Callers } = {
    router,
    ...access,
    requestKeys: new RequestKeys(deps.stores.idempotency, deps.now),
    recorder: new RequestRecorder(deps.stores, deps.now),
  };
  mountModels(options, deps);
  mountRuns(options, deps);
  mountVersions(options, deps);
  mountDossiers(options, deps);
  mountEnvironments(options, deps);
  mountDeployments(options, deps);
  mountFigures(options, deps);
  mountHistory(options, deps);
  mountApprovals(options, deps);
  mountMonitors(options, deps);
  mountIncidents(options, deps);
  mountSources(options, deps);
  mountDiscovery(options, deps);
  mountProjects(options, deps);
  mountEvents(options, deps);
  mountOnboarding(options, deps);
  refuseOtherMethods(router);
  return router;
}
