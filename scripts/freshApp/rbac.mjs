import fs from 'node:fs';
import path from 'node:path';
import { declareDependencies } from './declarePackages.mjs';

const RBAC = '@backstage-community/plugin-rbac-backend';
const PACKAGES = {
  // Version 8.1.3 needs a version of plugin-rbac-common that some registries do not have.
  [RBAC]: '^6.1.0',
  // Its typeorm-adapter, which stores policies, loads this package without depending on it.
  mongodb: '^7.0.0',
};
/** It takes the place of the permission backend and of its policy, which allows everything. */
const REPLACED = [
  "backend.add(import('@backstage/plugin-permission-backend'));\n",
  "backend.add(\n  import('@backstage/plugin-permission-backend-module-allow-all-policy'),\n);\n",
];
const BACKEND = 'packages/backend';
const GUEST = 'user:development/guest';
const READER = 'role:default/model-reader';

/** What a guest may do: read the catalog and models, and nothing else. */
const POLICIES = `\
g, ${GUEST}, ${READER}
p, ${READER}, catalog.entity.read, read, allow
p, ${READER}, model-delivery.read, read, allow
`;

const configuration = policies => `\
permission:
  enabled: true
  rbac:
    policies-csv-file: ${policies}
    pluginsWithPermission: [catalog, model-delivery]
`;

/**
 * Puts the community's RBAC backend in the place of the app's permission backend.
 *
 * @returns the file of configuration that it needs.
 */
export async function installRbac({ app, commands }) {
  declareDependencies(path.join(app, BACKEND), PACKAGES);
  await commands.run(app, 'yarn', ['install']);
  const entry = path.join(app, BACKEND, 'src', 'index.ts');
  let content = fs.readFileSync(entry, 'utf8');
  for (const statement of REPLACED) {
    if (!content.includes(statement)) {
      throw new Error(`${entry} has no statement "${statement}"`);
    }
    content = content.replace(statement, '');
  }
  fs.writeFileSync(
    entry,
    content.replace(
      'backend.start();',
      `backend.add(import('${RBAC}'));\nbackend.start();`,
    ),
  );

  const policies = path.join(app, 'rbac-policies.csv');
  fs.writeFileSync(policies, POLICIES);
  const file = path.join(app, 'app-config.rbac.yaml');
  fs.writeFileSync(file, configuration(policies));
  return file;
}
