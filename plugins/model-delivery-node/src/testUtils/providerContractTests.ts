import { type DeploymentContract, deploymentContract } from './deployments';
import { type MonitorContract, monitorContract } from './monitors';
import { type PipelineContract, pipelineContract } from './pipelines';
import { type VersionContract, versionContract } from './versions';

/**
 * One for each capability of the module under test. A harness is made once, before its suite, and
 * brings the outside system, or what stands in for it, into the state that it describes.
 */
export interface ProviderContracts {
  pipelines?: PipelineContract;
  versions?: VersionContract;
  deployments?: DeploymentContract;
  monitors?: MonitorContract;
}

/**
 * Declares the suites that any provider of a capability passes: order, paging, abort, empty,
 * missing, and malformed, slow and rate-limited, where those can be brought about.
 */
export function providerContractTests(contracts: ProviderContracts): void {
  if (contracts.pipelines) pipelineContract(contracts.pipelines);
  if (contracts.versions) versionContract(contracts.versions);
  if (contracts.deployments) deploymentContract(contracts.deployments);
  if (contracts.monitors) monitorContract(contracts.monitors);
}
