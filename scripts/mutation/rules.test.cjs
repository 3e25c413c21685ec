const { globSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const FOLDERS = [
  'plugins/model-delivery-backend/src/policy',
  'plugins/model-delivery-common/src/delivery',
];
/** Its examples are drawn by chance, so the score would differ from run to run. */
const BY_CHANCE = 'properties.test.ts';

// All suites as one: starting a suite costs more than the tests in it, and each mutant starts them.
for (const folder of FOLDERS) {
  for (const file of globSync('*.test.ts', { cwd: path.join(root, folder) })) {
    if (file === BY_CHANCE) continue;
    describe(file, () => {
      require(path.join(root, folder, file));
    });
  }
}
