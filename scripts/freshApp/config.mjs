import fs from 'node:fs';
import path from 'node:path';
import { freePort } from '../stack/serverProcess.mjs';

/** What docs/install.md tells an adopter to configure. */
const installed = mlflow => `\
catalog:
  rules:
    - allow: [Component, System, API, Resource, Location, MLModel]

modelDelivery:
  mlflow:
    servers:
      - id: mlflow
        url: ${mlflow}
        discovery:
          enabled: true
          defaultOwner: group:default/guests
`;

/** Free ports, on loopback only. */
const ports = (app, backend) => `\
app:
  baseUrl: http://localhost:${app}

backend:
  baseUrl: http://localhost:${backend}
  listen:
    host: 127.0.0.1
    port: ${backend}
  cors:
    origin: http://localhost:${app}
`;

/**
 * Writes the configuration into files of its own, beside the app's.
 *
 * @returns the `files` in the order in which they count, the `url` of the pages, and the addresses
 *   that answer once all is up.
 */
export async function writeConfig(app, mlflow) {
  const pages = await freePort();
  const backend = await freePort();
  const write = (name, content) => {
    const file = path.join(app, name);
    fs.writeFileSync(file, content);
    return file;
  };
  const url = `http://localhost:${pages}`;
  return {
    files: [
      path.join(app, 'app-config.yaml'),
      write('app-config.model-delivery.yaml', installed(mlflow)),
      write('app-config.ports.yaml', ports(pages, backend)),
    ],
    url,
    readiness: [
      `http://127.0.0.1:${backend}/.backstage/health/v1/readiness`,
      `${url}/`,
    ],
  };
}
