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
    /**
     * What the models of an owner may deploy to. Without a rule, a model deploys only to the repository
     * that its entity comes from, or to a target that belongs to the model itself.
     */
    targets?: Array<{
      /** Entity ref of the owner, such as `group:default/ml-platform`. */
      owner: string;
      /** Host, owner and name, such as `github.com/acme/penguins`; `*` stands for any characters. */
      repositories?: string[];
      /** Namespaces of a cluster or of the embedded engine; `*` stands for any characters. */
      namespaces?: string[];
      /** Names of services; `*` stands for any characters. */
      services?: string[];
    }>;
    /** How many days history is kept. Versions, deployments and what was live are kept for ever. */
    retention?: {
      /** Samples of monitors. Default: 30. */
      samplesDays?: number;
      /** Changes of monitors and alerts. Default: 365. */
      eventsDays?: number;
      /** Runs, their jobs and their evidence. Default: 365. */
      runsDays?: number;
    };
    /** What follows when a monitor breaks a `spec.feedback` rule of its model. */
    feedback?: {
      /** Trainings that rules may start for one model within 24 hours. Default: 3. */
      retrainsPerDay?: number;
      /** Writes what would be done in the incident's thread, and does nothing. Default: false. */
      dryRun?: boolean;
    };
  };
}
