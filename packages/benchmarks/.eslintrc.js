const { createConfigForRole } = require('@backstage/cli/config/eslint-factory');

// The package is run, never built or published, so it has no Backstage role.
module.exports = createConfigForRole(__dirname, 'node-library');
