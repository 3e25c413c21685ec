import type { ThresholdConfig } from '@red-hat-developer-hub/backstage-plugin-scorecard-common';
import type {
  DeliveryFigures,
  Figure,
} from '@slipway/plugin-model-delivery-common';

export const DATASOURCE = 'slipway';

const HOUR_SECONDS = 3_600;

type FigureName = {
  [K in keyof DeliveryFigures]: DeliveryFigures[K] extends Figure ? K : never;
}[keyof DeliveryFigures];

/** A delivery figure as a metric. */
export interface FigureMetric {
  id: `${typeof DATASOURCE}.${string}`;
  title: string;
  description: string;
  figure: FigureName;
  /** By which the figure is divided to have the metric's unit. */
  perUnit: number;
  /** Defaults, which the configuration of the Scorecard plugin can replace. */
  thresholds: ThresholdConfig;
}

/** Success up to a limit, error beyond another one. */
const lowIsGood = (success: number, error: number): ThresholdConfig => ({
  rules: [
    { key: 'success', expression: `<=${success}` },
    { key: 'warning', expression: `${success}-${error}` },
    { key: 'error', expression: `>${error}` },
  ],
});

export const FIGURE_METRICS: readonly FigureMetric[] = [
  {
    id: 'slipway.changesPerWeek',
    title: 'Model deployment frequency',
    description: 'Changes that went live per week',
    figure: 'changesPerWeek',
    perUnit: 1,
    thresholds: {
      rules: [
        { key: 'success', expression: '>=1' },
        { key: 'warning', expression: '0.25-1' },
        { key: 'error', expression: '<0.25' },
      ],
    },
  },
  {
    id: 'slipway.leadTimeHours',
    title: 'Model lead time',
    description:
      'Median hours from a commit to the moment its version was live',
    figure: 'leadTimeSeconds',
    perUnit: HOUR_SECONDS,
    thresholds: lowIsGood(24, 168),
  },
  {
    id: 'slipway.failedPercent',
    title: 'Failed model changes',
    description: 'Percent of changes that were rolled back',
    figure: 'failedShare',
    perUnit: 0.01,
    thresholds: lowIsGood(15, 30),
  },
  {
    id: 'slipway.restoreHours',
    title: 'Model time to restore',
    description:
      'Median hours until a version that was rolled back was replaced',
    figure: 'restoreSeconds',
    perUnit: HOUR_SECONDS,
    thresholds: lowIsGood(1, 24),
  },
];
