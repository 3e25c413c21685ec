/** Suites that every provider of a capability passes, for the tests of provider modules. */
export { providerContractTests } from './providerContractTests';
export type { ProviderContracts } from './providerContractTests';
export type {
  Deployable,
  DeploymentContract,
  DeploymentHarness,
} from './deployments';
export { CONTRACT_SECRET, type Faults } from './faults';
export {
  type FaultServer,
  startFaultServer,
  UPSTREAM_FAULTS,
} from './faultServer';
export type { MonitorContract, MonitorHarness } from './monitors';
export type { PipelineContract, PipelineHarness } from './pipelines';
export type { VersionContract, VersionHarness } from './versions';
export { waitFor } from './waitFor';
export { zip, type ZipEntry } from './zip';
