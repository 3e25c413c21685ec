export interface Config {
  modelDelivery?: {
    /** Versions from MLflow registries. Without servers the module is off. */
    mlflow?: {
      servers: Array<{
        /** As entities name it: lower-case letters, digits and dashes. */
        id: string;
        /** As pages name it. Default: MLflow. */
        title?: string;
        /** The tracking server, such as `https://mlflow.example.com`; a path is kept as prefix. */
        url: string;
        /** The address of its pages for people, where it is another. Default: `url`. */
        externalUrl?: string;
        /** Credentials: a user of its basic-auth app, or a token that a proxy before it takes. */
        auth?: {
          username?: string;
          /** @visibility secret */
          password?: string;
          /** Sent as `Authorization: Bearer …`. @visibility secret */
          token?: string;
        };
        /**
         * Sent with every request, such as `X-MLFLOW-WORKSPACE`.
         * @deepVisibility secret
         */
        headers?: { [name: string]: string };
        /** PEM texts, for a server whose certificate is not publicly trusted or that wants one. */
        tls?: {
          ca?: string;
          cert?: string;
          /** @visibility secret */
          key?: string;
        };
        /** Takes what MLflow's webhooks send to `/api/events/http/mlflow`. */
        webhook?: {
          /** The one that the webhook was made with. @visibility secret */
          secret: string;
        };
        /**
         * In how many seconds a model without news is read again. Default: 1800 with a webhook, 600
         * with discovery, else 60.
         */
        quietSeconds?: number;
        /**
         * The alias that stands for an environment, where it is not the environment's own name:
         * `{ production: champion }`.
         */
        aliases?: { [environment: string]: string };
        /** Names of tags that say what MLflow has no field for. */
        tags?: {
          /** Of a version: sha256 of its bundle's manifest. Default: slipway.digest. */
          digest?: string;
          /** Of a version: the commit it was made from. Default: slipway.commit. */
          commit?: string;
          /** Of a run: its commit, for versions that have no tag. Default: mlflow.source.git.commit. */
          runCommit?: string;
          /** Of a version: the id of the pipeline run that made it. Default: slipway.run. */
          pipelineRun?: string;
          /** Of a version: `rejected` where its pipeline's gates said no. Default: slipway.status. */
          status?: string;
          /** Of a version: why it was rejected, a line each. Default: slipway.reasons. */
          reasons?: string;
          /** Of a version: `true` where its run has a model card. Default: slipway.card. */
          card?: string;
        };
        /** Where a run or a logged model keeps what is read of it. */
        artifacts?: {
          /** The deployable bundle: a folder, or `<path>.tar.gz`. Default: bundle. */
          bundle?: string;
          /** The folder of reports. Default: reports. */
          reports?: string;
          /** Model cards, the first that is there. Default: MODEL_CARD.md, reports/MODEL_CARD.md, reports/model-card.md. */
          cards?: string[];
        };
        /**
         * Metrics of which less is better, besides those whose name ends in loss, error, mae, mse,
         * rmse, mape, latency or seconds.
         */
        lowerIsBetter?: string[];
        /** Brings registered models into the catalog. */
        discovery?: {
          /** Default: false. */
          enabled?: boolean;
          /** In MLflow's filter language, such as `tags.team = 'risk'`. */
          filter?: string;
          /** Owner of models that do not name one. Needed where discovery is enabled. */
          defaultOwner?: string;
          /** Tag of a model that names its owner. Default: owner. */
          ownerTag?: string;
          /** Tag of a model that names its system. Default: system. */
          systemTag?: string;
          /** Tag of a model that names its lifecycle. Default: lifecycle. */
          lifecycleTag?: string;
          /** Default: production. */
          defaultLifecycle?: string;
          /** Tag of a model that names its type. Default: type. */
          typeTag?: string;
          /** Default: model. */
          defaultType?: string;
          /** Of the catalog. Default: default. */
          namespace?: string;
        };
      }>;
    };
  };
}
