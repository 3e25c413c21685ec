export interface Config {
  /** Model delivery. */
  modelDelivery?: {
    /**
     * What an annotated Component or Resource of type ml-model or ai-model gets, since an
     * annotation cannot say it. An MLModel says everything itself.
     */
    defaults?: {
      /** As `spec.environments` of an MLModel. */
      environments?: Array<{ [key: string]: unknown }>;
      /** As `spec.monitors` of an MLModel. */
      monitors?: Array<{ [key: string]: unknown }>;
    };
    /** How many days samples of monitors are kept. Default: 30. */
    sampleRetentionDays?: number;
  };
}
