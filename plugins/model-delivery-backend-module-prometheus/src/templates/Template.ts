import type {
  Signal,
  Threshold,
} from '@slipway/plugin-model-delivery-common/schema';

/** A query with placeholders that monitors name instead of writing it out. */
export interface Template {
  query: string;
  /** What it measures; without it, it is never suggested. */
  signal?: Signal;
  /** Selector of the targets whose `up` says whether they answer. */
  up?: string;
  /** Label whose values are the parts of a reading. */
  parts?: string;
  warning?: Threshold;
  critical?: Threshold;
  description?: string;
}
