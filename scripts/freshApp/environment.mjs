import { toolchainPath } from '../launcher/toolchain.mjs';

/** What the commands run with: this machine's own, Node 24 and Yarn 4, and nothing that asks. */
export function environment() {
  return {
    ...process.env,
    PATH: toolchainPath(),
    BROWSER: 'none',
    FORCE_COLOR: '0',
    YARN_ENABLE_TELEMETRY: '0',
    // As in .yarnrc.yml of this repository: nothing needs an install script, and packages are one
    // copy on disk for all who have them.
    YARN_ENABLE_SCRIPTS: 'false',
    YARN_NM_MODE: 'hardlinks-global',
    // A new app has no lockfile yet; in CI, Yarn would refuse to write one.
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
  };
}
