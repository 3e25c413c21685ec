import { DEFAULT_NAMESPACE, type Entity } from '@backstage/catalog-model';
import type {
  Metric,
  ThresholdConfig,
} from '@red-hat-developer-hub/backstage-plugin-scorecard-common';
import type { MetricProvider } from '@red-hat-developer-hub/backstage-plugin-scorecard-node';
import type { DeliveryFigures } from '@slipway/plugin-model-delivery-common';
import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import { DATASOURCE, type FigureMetric } from './figureMetrics';

/** Reads the figures of one environment of a model. */
export type ReadFigures = (
  params: { namespace: string; name: string; environment: string },
  kind: string,
) => Promise<DeliveryFigures>;

/** One delivery figure of a model, of the last environment that it declares. */
export class FigureMetricProvider implements MetricProvider<'number'> {
  readonly #metric: FigureMetric;
  readonly #read: ReadFigures;

  constructor(metric: FigureMetric, read: ReadFigures) {
    this.#metric = metric;
    this.#read = read;
  }

  getProviderDatasourceId(): string {
    return DATASOURCE;
  }

  getProviderId(): string {
    return this.#metric.id;
  }

  getMetricType(): 'number' {
    return 'number';
  }

  getMetric(): Metric<'number'> {
    const { id, title, description } = this.#metric;
    return { id, title, description, type: 'number', history: true };
  }

  getMetricThresholds(): ThresholdConfig {
    return this.#metric.thresholds;
  }

  getCatalogFilter(): Record<string, string> {
    return { kind: 'MLModel' };
  }

  /** @throws Error saying why there is no value, such as too few changes. */
  async calculateMetric(entity: Entity): Promise<number> {
    const last = modelSpecFromEntity(entity).environments.at(-1);
    if (!last) throw new Error('The model declares no environment.');
    const { name, namespace = DEFAULT_NAMESPACE } = entity.metadata;
    const figures = await this.#read(
      { namespace, name, environment: last.name },
      entity.kind,
    );
    const { value, reason } = figures[this.#metric.figure];
    if (value === null) throw new Error(reason ?? 'There is no value.');
    return value / this.#metric.perUnit;
  }
}
