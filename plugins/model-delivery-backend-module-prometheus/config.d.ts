/** A server that is asked over HTTP. */
interface Connection {
  /** Where it answers; a path is kept as prefix. */
  url: string;
  /** Where people reach it, for links. Default: what it says of itself. */
  externalUrl?: string;
  auth?:
    | {
        type: 'bearer';
        /** @visibility secret */
        token: string;
      }
    | {
        type: 'basic';
        username: string;
        /** @visibility secret */
        password: string;
      };
  /**
   * Sent with every request, such as `X-Scope-OrgID` for a tenant of Mimir.
   * @deepVisibility secret
   */
  headers?: { [name: string]: string | number };
  /** PEM texts, such as with `$file`. */
  tls?: {
    /** Certificates to trust, in place of the system's. */
    ca?: string;
    /** Our own certificate. */
    cert?: string;
    /** @visibility secret */
    key?: string;
  };
}

export interface Config {
  modelDelivery?: {
    /** Monitors from Prometheus, or what speaks like it: Thanos, Mimir, VictoriaMetrics. */
    prometheus?: {
      servers: Array<
        Connection & {
          /** The provider that entities name in a monitor's source, such as `prometheus`. */
          id: string;
          /** As pages name it. Default: Prometheus, with the id where that is another. */
          title?: string;
          /** Where its alerts go to; without it, only its own rules are asked. */
          alertmanager?: Connection & {
            /** Lets the Alertmanager say that something changed. */
            webhook?: {
              /**
               * What it sends as `Authorization: Bearer …`; at least 16 characters.
               * @visibility secret
               */
              secret: string;
            };
          };
          /** Queries that monitors name, besides the built-in ones; a built-in name replaces it. */
          templates?: {
            [name: string]: {
              /**
               * PromQL. `$${model}`, `$${namespace}`, `$${environment}`, `$${entityRef}` and what
               * the monitor's `with` names may stand in the quoted values of labels.
               */
              query: string;
              /** What it measures; without it, the template is never suggested. */
              signal?:
                | 'availability'
                | 'latency'
                | 'errors'
                | 'drift'
                | 'predictions'
                | 'quality'
                | 'freshness';
              /** Selector of the targets whose `up` says whether they answer. */
              up?: string;
              /** Label whose values are the parts of a reading. */
              parts?: string;
              /** Limit of a suggested monitor. */
              warning?: { above?: number; below?: number };
              /** Limit of a suggested monitor. */
              critical?: { above?: number; below?: number };
              description?: string;
            };
          };
          /** Over how many seconds the built-in templates look back. Default: 300. */
          windowSeconds?: number;
          /** After how many seconds without an answer a target is unavailable. Default: 120. */
          unavailableAfterSeconds?: number;
          /** The longest stretch of the past that is asked for. Default: 2592000, 30 days. */
          maxRangeSeconds?: number;
          /** The finest steps that are asked for. Default: 15. */
          minStepSeconds?: number;
        }
      >;
    };
  };
}
