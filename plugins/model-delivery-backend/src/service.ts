import type {
  AuditorService,
  AuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { EventsService } from '@backstage/plugin-events-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import {
  MODELS_DISCOVERED_TOPIC,
  SUPPORTED_KINDS,
} from '@slipway/plugin-model-delivery-common';
import {
  InvalidModelSpecError,
  type ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  ProviderError,
  type ProviderChange,
} from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { Aggregator } from './aggregation/Aggregator';
import { sourceDetails } from './aggregation/sourceDetails';
import type { ModelDeliveryConfig } from './config';
import { environmentsOf } from './database/environmentsOf';
import { createStores } from './database/stores';
import { ApprovalService } from './delivery/ApprovalService';
import { AuthorFinder } from './delivery/AuthorFinder';
import { AutomaticDelivery } from './delivery/AutomaticDelivery';
import { considerDue } from './delivery/considerDue';
import { AutomaticRollback } from './delivery/AutomaticRollback';
import { BringBack } from './delivery/BringBack';
import { championOf } from './delivery/champion';
import { DeliveryService } from './delivery/DeliveryService';
import { DeploymentReconciler } from './delivery/DeploymentReconciler';
import { DeploymentRequests } from './delivery/DeploymentRequests';
import { DeploymentWorker } from './delivery/DeploymentWorker';
import { EffectHandlers } from './delivery/EffectHandlers';
import { Notifier } from './delivery/Notifier';
import { PlaceFinder } from './delivery/PlaceFinder';
import { RollbackService } from './delivery/RollbackService';
import { RunAnswerer } from './delivery/RunAnswerer';
import { RunQuestions } from './delivery/RunQuestions';
import { WaitingDeployments } from './delivery/WaitingDeployments';
import { createFeedback } from './feedback/createFeedback';
import { Consumers } from './impact/Consumers';
import type { DataAddresses } from './onboarding/DataAddresses';
import { Onboarding } from './onboarding/Onboarding';
import { ProjectEntities } from './onboarding/ProjectEntities';
import { RegisteredModels } from './onboarding/RegisteredModels';
import type { ProviderRegistry } from './providers/ProviderRegistry';
import { Targets } from './providers/Targets';
import type { RouteDeps } from './routes/RouteDeps';
import type { UnreadableModel } from './routes/mount';
import { forgetOld } from './retention/forgetOld';
import { CatalogSync } from './sync/CatalogSync';
import { emailOf } from './sync/emailOf';
import { EnvironmentSyncer } from './sync/EnvironmentSyncer';
import { EvidenceReader } from './sync/EvidenceReader';
import { MonitorSyncer } from './sync/MonitorSyncer';
import { readSoon } from './sync/readSoon';
import { RunSyncer } from './sync/RunSyncer';
import { SourceWorker } from './sync/SourceWorker';
import { userOf } from './sync/userOf';
import { VersionSyncer } from './sync/VersionSyncer';
import { observeSources } from './telemetry/observeSources';

/** Wires the parts together; holds no logic of its own. */
export function createService(options: {
  knex: Knex;
  registry: ProviderRegistry;
  config: ModelDeliveryConfig;
  dataAddresses: DataAddresses;
  catalog: CatalogService;
  auth: AuthService;
  signals: SignalsService;
  events: EventsService;
  logger: LoggerService;
  metrics: MetricsService;
  notifications: NotificationService;
  auditor: AuditorService;
  now?: () => Date;
}) {
  const { registry, config, catalog, auth, signals, events, logger } = options;
  const now = options.now ?? (() => new Date());
  const stores = createStores(options.knex);
  const targets = new Targets(registry, config.targets);
  const aggregator = new Aggregator(stores, targets, signals, logger, now);
  const refresh = (entityRef: string) => aggregator.refresh(entityRef);
  // Wired below: a change of a deployment can be what a run waits for.
  let wakeQuestions = (): void => undefined;
  const deploymentChanged = async (entityRef: string) => {
    wakeQuestions();
    await refresh(entityRef);
  };
  const requests = new DeploymentRequests({
    stores,
    targets,
    onChanged: deploymentChanged,
    now,
  });
  const delivery = new DeliveryService({
    stores,
    targets,
    requests,
    onChanged: deploymentChanged,
    now,
  });
  const rollbacks = new RollbackService({ stores, requests });
  const automatic = new AutomaticDelivery({
    stores,
    targets,
    delivery,
    logger,
    now,
  });
  const waiting = new WaitingDeployments({
    stores,
    targets,
    authors: new AuthorFinder(stores, registry),
    now,
  });
  const approvals = new ApprovalService({
    stores,
    waiting,
    onChanged: deploymentChanged,
    now,
  });
  const reconsider = async (spec: ModelSpec) => {
    await stores.waiting.markDue(spec.entityRef, now().toISOString());
    await automatic.consider(spec);
  };
  const automaticRollback = new AutomaticRollback({
    stores,
    rollbacks,
    logger,
    now,
  });
  const feedback = createFeedback({
    ...options,
    stores,
    targets,
    delivery,
    rollbacks,
    limits: config.feedback,
    now,
  });
  const places = new PlaceFinder(stores, registry);
  const deployments = new DeploymentWorker({
    stores,
    reconciler: new DeploymentReconciler({
      stores,
      places,
      handlers: new EffectHandlers({
        stores,
        registry,
        places,
        reconsider: async entityRef => {
          const model = await stores.models.get(entityRef);
          if (model) await reconsider(model.spec);
        },
        bringBack: new BringBack({ stores, rollbacks, now }),
        notifier: new Notifier({
          stores,
          notifications: options.notifications,
          logger,
          now,
        }),
        now,
      }),
      waiting,
      onChanged: deploymentChanged,
      logger,
      now,
    }),
    logger,
    now,
  });
  const questions = new RunQuestions({
    stores,
    registry,
    answerer: new RunAnswerer({
      stores,
      registry,
      targets,
      delivery,
      findUser: (annotation, value) => userOf(catalog, auth, annotation, value),
      now,
    }),
    onRequested: () => deployments.wake(),
    auditor: options.auditor,
    logger,
    now,
  });
  wakeQuestions = () => questions.wake();
  const deliverAutomatically = async (spec: ModelSpec) => {
    await reconsider(spec);
    deployments.wake();
  };
  const listSources = async () => {
    const at = now();
    const rows = await stores.sources.byProvider(at.toISOString());
    return sourceDetails(rows, registry, at.getTime());
  };
  const evidence = new EvidenceReader({
    stores,
    registry,
    onRead: refresh,
    now,
  });
  const countReading = observeSources(options.metrics, listSources, now);
  const sources = new SourceWorker({
    stores,
    logger,
    now,
    onRead: refresh,
    onOutcome: ({ source, provider, capability }, outcome, seconds) =>
      countReading({ source, provider, capability, outcome, seconds }),
    syncers: {
      pipelines: new RunSyncer(stores, registry, now),
      versions: new VersionSyncer({
        stores,
        registry,
        evidence,
        onNews: refresh,
        onRead: deliverAutomatically,
        now,
      }),
      deployments: new EnvironmentSyncer(stores, registry, now),
      monitors: new MonitorSyncer(stores, registry, now, async spec => {
        if (await automaticRollback.consider(spec)) deployments.wake();
        await feedback.consider(spec);
      }),
    },
  });
  const catalogSync = new CatalogSync({
    catalog,
    auth,
    stores,
    registry,
    targets,
    defaults: config.defaults,
    logger,
    now,
    onChanged: async spec => {
      await refresh(spec.entityRef);
      sources.wake();
      await deliverAutomatically(spec);
    },
  });

  const announceModels = () => {
    events
      .publish({ topic: MODELS_DISCOVERED_TOPIC, eventPayload: {} })
      .catch(error =>
        logger.debug('Could not notify discovery; it polls', error),
      );
  };
  const onboarding = new Onboarding({
    stores,
    registry,
    announce: announceModels,
    now,
  });
  const registeredModels = new RegisteredModels({
    stores,
    announce: entityRef => {
      announceModels();
      readSoon(entityRef, ref => catalogSync.readOne(ref));
    },
    now,
  });
  const onChange = (change: ProviderChange) => {
    sources.hint(change);
    if (change.what === 'deployments') deployments.hint(change);
    if (change.what === 'models') announceModels();
  };
  const findModel = async (path: {
    kind?: string;
    namespace: string;
    name: string;
  }): Promise<ModelSpec | UnreadableModel | undefined> => {
    const known = await stores.models.findRef(path);
    if (known) return (await stores.models.get(known))?.spec;
    for (const kind of path.kind ? [path.kind] : SUPPORTED_KINDS) {
      const entityRef = `${kind}:${path.namespace}/${path.name}`;
      try {
        const found = await catalogSync.readOne(entityRef);
        if (found) return (await stores.models.get(found))?.spec;
      } catch (error) {
        if (!(error instanceof InvalidModelSpecError)) throw error;
        return { entityRef, problem: error.message };
      }
    }
    return undefined;
  };

  const routeDeps: RouteDeps = {
    stores,
    registry,
    targets,
    delivery,
    rollbacks,
    approvals,
    feedback: feedback.service,
    consumers: new Consumers(catalog),
    onboarding,
    registeredModels,
    dataAddresses: options.dataAddresses,
    projectEntities: new ProjectEntities(catalog, auth),
    listSources,
    logger,
    now,
    refresh,
    wakeSync: () => sources.wake(),
    wakeDelivery: () => deployments.wake(),
    deliverAutomatically,
    championOf: spec => championOf(stores, spec),
    evidence,
    unsupported: message => new ProviderError('unsupported', message),
  };

  return {
    routeDeps,
    findModel,
    emailOf: (userRef: string) => emailOf(catalog, auth, userRef),
    onChange,
    environmentsOf: (refs: string[]) => environmentsOf(stores.models, refs),
    questions,
    catalogSync,
    forget: () => forgetOld(stores, config.retention, now()),
    async refreshStale(): Promise<void> {
      const consider = deliverAutomatically;
      await considerDue({ stores, consider, logger, now });
      await aggregator.refreshStale();
    },
    async start(): Promise<void> {
      await aggregator.refreshStale();
      sources.start();
      deployments.start();
      questions.start();
      feedback.worker.start();
    },
    async stop(): Promise<void> {
      await Promise.all([
        sources.stop(),
        deployments.stop(),
        questions.stop(),
        feedback.worker.stop(),
        evidence.stop(),
      ]);
    },
  };
}
