export interface Config {
  modelDelivery?: {
    /**
     * Runs, evidence and deployments through GitHub Actions. The module is off without this
     * section; an empty one (`github: {}`) follows github.com. Addresses and credentials are those
     * of `integrations.github`.
     */
    github?: {
      /** Default: one, with the id github and the host github.com. */
      hosts?: {
        /** As entities name the provider. */
        id: string;
        /** A host of integrations.github. */
        host: string;
        /** As pages name it. Default: GitHub, or GitHub at the host. */
        title?: string;
      }[];
      /**
       * The artifact in which a run uploads its reports; artifacts whose names begin with it and a
       * dash, such as reports-unit, are read too. Default: reports.
       */
      artifact?: string;
      /**
       * Hosts that logs and artifacts are downloaded from when GitHub sends there; *. stands for
       * any host below. Default: *.actions.githubusercontent.com and *.blob.core.windows.net.
       */
      downloadHosts?: string[];
    };
  };
}
