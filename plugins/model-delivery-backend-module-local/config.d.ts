export interface Config {
  modelDelivery?: {
    /**
     * Everything on one machine: repositories, runs, a registry, model servers and their metrics.
     * It executes the code of the repositories that are pushed to it, as the user that the portal
     * runs as, so it is off unless enabled and refuses to start under NODE_ENV=production.
     */
    local?: {
      /** Whether this machine runs pipelines and servers. Default: false. */
      enabled?: boolean;
      /**
       * Where repositories, logs, artifacts and processes are kept. Counts from the working
       * directory of the backend unless absolute.
       */
      directory?: string;
      /** How many jobs run at once. Default: the number of processor cores. */
      slots?: number;
      /** The Python (3.11 or newer) to use. Default: the first good one on the PATH. */
      python?: string;
      /** Where model servers are reached: a loopback address and a port. */
      listen?: {
        /** A loopback address. Default: 127.0.0.1. */
        host?: string;
        /** Default: 7010. */
        port?: number;
      };
      /** After how many seconds a job, or a run of a batch job, is stopped. Default: 900. */
      jobTimeoutSeconds?: number;
      /** At how many bytes the log of a job is cut. Default: 5000000. */
      logLimitBytes?: number;
      /** Seconds between two scrapes of a model server's metrics. Default: 5. */
      scrapeSeconds?: number;
      /** How many hours scraped metrics, the logs of runs and the output of batch jobs are kept. Default: 168. */
      retentionHours?: number;
      /**
       * How long predictions wait for their label. Each is kept with its inputs, so that another
       * version can be compared on the rows that were labelled.
       */
      predictions?: {
        /** Default: 30. */
        days?: number;
        /** How many predictions, and how many labels, each environment keeps. Default: 100000. */
        perEnvironment?: number;
      };
      /** A replay of each live model's own data, for demonstrations. */
      traffic?: {
        /** Default: false. */
        enabled?: boolean;
        /** To each environment. Default: 4. */
        requestsPerSecond?: number;
      };
      /** Names of environment variables that jobs and servers may see besides the usual ones. */
      environment?: string[];
    };
  };
}
