import { randomUUID } from 'node:crypto';
import type { AuditorService } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { NewDeployment } from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import { ApprovalService } from '../delivery/ApprovalService';
import { AuthorFinder } from '../delivery/AuthorFinder';
import { BringBack } from '../delivery/BringBack';
import { type Authorize, DeliveryService } from '../delivery/DeliveryService';
import { DeploymentReconciler } from '../delivery/DeploymentReconciler';
import { DeploymentRequests } from '../delivery/DeploymentRequests';
import { DeploymentWorker } from '../delivery/DeploymentWorker';
import { EffectHandlers } from '../delivery/EffectHandlers';
import { Notifier } from '../delivery/Notifier';
import { PlaceFinder } from '../delivery/PlaceFinder';
import { RollbackService } from '../delivery/RollbackService';
import { type FindUser, RunAnswerer } from '../delivery/RunAnswerer';
import { RunQuestions } from '../delivery/RunQuestions';
import { WaitingDeployments } from '../delivery/WaitingDeployments';
import type { TargetRule } from '../policy/targetRules';
import { ProviderRegistry } from '../providers/ProviderRegistry';
import { Targets } from '../providers/Targets';
import type { FakeSystem } from './fakes';

/** What one process delivers with, as it has just started. */
export function deliveryParts(options: {
  stores: Stores;
  system: FakeSystem;
  now: () => Date;
  rules?: TargetRule[];
  /** Further systems that deploy. */
  others?: FakeSystem[];
  reconsider?: (entityRef: string) => Promise<void>;
  notifications?: NotificationService;
  findUser?: FindUser;
  auditor?: AuditorService;
}) {
  const { stores, system, now } = options;
  const registry = new ProviderRegistry();
  registry.add('versions', system);
  for (const one of [system, ...(options.others ?? [])]) {
    registry.add('deployments', one);
  }
  registry.add('pipelines', system);
  const places = new PlaceFinder(stores, registry);
  const logger = mockServices.logger.mock();
  const targets = new Targets(registry, options.rules ?? []);
  const waiting = new WaitingDeployments({
    stores,
    targets,
    authors: new AuthorFinder(stores, registry),
    now,
  });
  const onChanged = async () => undefined;
  const requests = new DeploymentRequests({ stores, targets, onChanged, now });
  const delivery = new DeliveryService({
    stores,
    targets,
    requests,
    onChanged,
    now,
  });
  const rollbacks = new RollbackService({ stores, requests });
  const worker = new DeploymentWorker({
    stores,
    reconciler: new DeploymentReconciler({
      stores,
      places,
      handlers: new EffectHandlers({
        stores,
        registry,
        places,
        reconsider: options.reconsider ?? (async () => undefined),
        bringBack: new BringBack({ stores, rollbacks, now }),
        notifier: new Notifier({
          stores,
          notifications: options.notifications ?? {
            send: async () => undefined,
          },
          logger,
          now,
        }),
        now,
      }),
      waiting,
      onChanged,
      logger,
      now,
    }),
    logger,
    now,
  });
  /** One step of each deployment that is due. */
  const round = async () => {
    await worker.claimDue();
    await worker.idle();
  };
  const approvals = new ApprovalService({
    stores,
    waiting,
    onChanged,
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
      findUser: options.findUser ?? (async () => null),
      now,
    }),
    onRequested: () => undefined,
    auditor: options.auditor ?? mockServices.auditor.mock(),
    logger,
    now,
  });
  return {
    worker,
    targets,
    delivery,
    rollbacks,
    approvals,
    waiting,
    questions,
    round,
  };
}

/** Any deployment may be begun and cancelled. */
export const anyone: Authorize = async () => undefined;

/** A request of version 0.1.0 in production that its gates admit. */
export function newDeployment(
  spec: ModelSpec,
  overrides: Partial<NewDeployment> = {},
): NewDeployment {
  const id = overrides.id ?? randomUUID();
  return {
    id,
    entityRef: spec.entityRef,
    environment: 'production',
    version: '0.1.0',
    fromVersion: null,
    action: 'deploy',
    automatic: false,
    overridden: false,
    holds: false,
    message: 'Queued.',
    reason: null,
    requestedBy: 'user:default/ada',
    buildRunId: null,
    gates: [],
    rollout: null,
    fingerprint: null,
    target: { provider: 'fake' },
    targetKey: `fake:${spec.entityRef}/${overrides.environment ?? 'production'}`,
    entry: 'admitted',
    hold: null,
    requestKey: id,
    questionId: null,
    replaces: null,
    served: null,
    ...overrides,
  };
}
