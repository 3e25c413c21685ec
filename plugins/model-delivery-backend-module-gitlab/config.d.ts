export interface Config {
  modelDelivery?: {
    /**
     * Runs, evidence and deployments through GitLab CI/CD. The module is off without this section; an empty one
     * (`gitlab: {}`) follows gitlab.com. Addresses and tokens are those of `integrations.gitlab`.
     */
    gitlab?: {
      /** Default: one, with the id gitlab and the host gitlab.com. */
      hosts?: {
        /** As entities name the provider. */
        id: string;
        /** A host of integrations.gitlab. */
        host: string;
        /** As pages name it. Default: GitLab, or GitLab at the host. */
        title?: string;
      }[];
      /**
       * How the archive of a job's reports is called (`artifacts: name`); archives whose names begin
       * with it and a dash, such as reports-unit, are read too. Default: reports.
       */
      artifact?: string;
      /**
       * Hosts that archives are downloaded from when GitLab sends there; *. stands for any host below.
       * Default: cdn.artifacts.gitlab-static.net and storage.googleapis.com.
       */
      downloadHosts?: string[];
    };
  };
}
