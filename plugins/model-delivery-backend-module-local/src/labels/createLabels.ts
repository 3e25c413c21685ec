import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { LocalConfig } from '../config';
import { PredictionStore } from '../database/PredictionStore';
import type { Environments } from '../serving/Environments';
import type { AnswersAgain } from './AnswersAgain';
import { FeedbackCounts } from './feedbackCounts';
import { LabelRoutes } from './LabelRoutes';
import { LabelTaker } from './LabelTaker';
import { LocalLabels } from './LocalLabels';
import { PredictionLog } from './PredictionLog';

/** Wires predictions and their labels; holds no logic of its own. */
export function createLabels(options: {
  config: LocalConfig;
  knex: Knex;
  logger: LoggerService;
  environments: Environments;
  answers: AnswersAgain;
  onLabel: (key: string) => void;
}) {
  const store = new PredictionStore(options.knex);
  const log = new PredictionLog({
    store,
    logger: options.logger,
    keep: options.config.predictions,
  });
  const counts = new FeedbackCounts();
  const taker = new LabelTaker({ ...options, store, log, counts });
  return {
    log,
    routes: new LabelRoutes({ log, taker, counts }),
    labels: new LocalLabels({ store, answers: options.answers }),
  };
}
