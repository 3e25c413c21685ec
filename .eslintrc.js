const { importRules } = require('./eslint.boundaries');

module.exports = {
  root: true,
  ...importRules,
};
