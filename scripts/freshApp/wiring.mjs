import fs from 'node:fs';
import path from 'node:path';

const BACKEND = [
  '@slipway/plugin-model-delivery-backend',
  '@slipway/plugin-model-delivery-backend-module-mlflow',
  '@slipway/plugin-catalog-backend-module-model-delivery',
];
const FRONTEND = ['@slipway/plugin-model-delivery'];

const PACKAGES = { 'packages/app': FRONTEND, 'packages/backend': BACKEND };

const BACKEND_EDIT = {
  file: 'packages/backend/src/index.ts',
  before: 'backend.start();',
  lines: BACKEND.map(name => `backend.add(import('${name}'));`),
};

const ENTITY_PAGE = 'packages/app/src/components/catalog/EntityPage.tsx';
const TABS = ['Delivery', 'Pipelines', 'Versions', 'Monitoring'];

/**
 * For each frontend system: the packages by the workspace that depends on them, and the lines of
 * code by the line that they go before, as docs/install.md says it. `mostLines` may be written.
 */
export const WIRINGS = {
  /** The app discovers the pages: there is nothing to write in the frontend. */
  new: { packages: PACKAGES, mostLines: 6, edits: [BACKEND_EDIT] },
  legacy: {
    packages: PACKAGES,
    mostLines: 32,
    edits: [
      BACKEND_EDIT,
      {
        file: 'packages/app/src/App.tsx',
        before: 'const app = createApp({',
        lines: [
          "import { ModelsPage } from '@slipway/plugin-model-delivery/legacy';",
        ],
      },
      {
        file: 'packages/app/src/App.tsx',
        before: '    <Route path="/docs" element={<TechDocsIndexPage />} />',
        lines: ['    <Route path="/models" element={<ModelsPage />} />'],
      },
      {
        file: ENTITY_PAGE,
        before: 'const techdocsContent = (',
        lines: [
          'import {',
          ...TABS.map(tab => `  Entity${tab}Content,`),
          '  isModelEntity,',
          "} from '@slipway/plugin-model-delivery/legacy';",
        ],
      },
      {
        file: ENTITY_PAGE,
        before: 'export const entityPage = (',
        lines: [
          'const modelPage = (',
          '  <EntityLayout>',
          '    <EntityLayout.Route path="/" title="Overview">',
          '      {overviewContent}',
          '    </EntityLayout.Route>',
          ...TABS.flatMap(tab => [
            `    <EntityLayout.Route path="/${tab.toLowerCase()}" title="${tab}">`,
            `      <Entity${tab}Content />`,
            '    </EntityLayout.Route>',
          ]),
          '  </EntityLayout>',
          ');',
        ],
      },
      {
        file: ENTITY_PAGE,
        before:
          "    <EntitySwitch.Case if={isKind('component')} children={componentPage} />",
        lines: [
          '    <EntitySwitch.Case if={isModelEntity} children={modelPage} />',
        ],
      },
    ],
  },
};

/** All lines of code that a wiring writes. */
export function linesOf({ edits }) {
  return edits.flatMap(({ lines }) => lines);
}

/** @throws Error where an app has no such place, or more lines are needed than may be. */
export function wire(app, wiring) {
  for (const { file, before, lines } of wiring.edits) {
    const target = path.join(app, file);
    const content = fs.readFileSync(target, 'utf8').split('\n');
    const place = content.indexOf(before);
    if (place < 0) throw new Error(`${file} has no line "${before}"`);
    content.splice(place, 0, ...lines);
    fs.writeFileSync(target, content.join('\n'));
  }
  const count = linesOf(wiring).length;
  if (count > wiring.mostLines) {
    throw new Error(`${count} lines, and ${wiring.mostLines} may be needed`);
  }
}
