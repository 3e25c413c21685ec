import type { LoggerService } from '@backstage/backend-plugin-api';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { Stores } from '../database/stores';
import type { DeliveryService } from '../delivery/DeliveryService';
import type { RollbackService } from '../delivery/RollbackService';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import type { Targets } from '../providers/Targets';
import { FeedbackService } from './FeedbackService';
import { IncidentNotifier } from './IncidentNotifier';
import { type FeedbackLimits, IncidentSteps } from './IncidentSteps';
import { IncidentWatch } from './IncidentWatch';
import { IncidentWorker } from './IncidentWorker';
import { LabelledComparison } from './LabelledComparison';
import { PromotionRequest } from './PromotionRequest';
import { Retraining } from './Retraining';
import { RuleActions } from './RuleActions';

/** Wires what follows from monitors; holds no logic of its own. */
export function createFeedback(options: {
  stores: Stores;
  registry: ProviderRegistry;
  targets: Targets;
  delivery: DeliveryService;
  rollbacks: RollbackService;
  notifications: NotificationService;
  limits: FeedbackLimits;
  logger: LoggerService;
  now: () => Date;
}) {
  const { stores, limits, now } = options;
  const watch = new IncidentWatch({ stores, now });
  const worker = new IncidentWorker({
    ...options,
    steps: new IncidentSteps({
      ...options,
      retraining: new Retraining(options),
      promotion: new PromotionRequest(options),
      labelled: new LabelledComparison(options),
      actions: new RuleActions({
        ...options,
        notifier: new IncidentNotifier(options),
      }),
    }),
  });
  return {
    worker,
    service: new FeedbackService({
      stores,
      limits,
      onChanged: () => worker.wake(),
      now,
    }),
    /** Called after the monitors of a model were judged. */
    consider: async (spec: ModelSpec) => {
      if (await watch.consider(spec)) worker.wake();
    },
  };
}
