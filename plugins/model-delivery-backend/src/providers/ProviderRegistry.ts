import { NotFoundError } from '@backstage/errors';
import type {
  DeploymentProvider,
  MonitorProvider,
  PipelineProvider,
  ProjectProvider,
  ProviderIdentity,
  VersionProvider,
} from '@slipway/plugin-model-delivery-node';

type Capabilities = {
  pipelines: PipelineProvider;
  versions: VersionProvider;
  deployments: DeploymentProvider;
  monitors: MonitorProvider;
  projects: ProjectProvider;
};
export type CapabilityName = keyof Capabilities;

const ID = /^[a-z][a-z0-9-]{0,62}$/;

/** What modules registered. A bad or doubled id fails the start, with a sentence. */
export class ProviderRegistry {
  readonly #byCapability: {
    [C in CapabilityName]: Map<string, Capabilities[C]>;
  } = {
    pipelines: new Map(),
    versions: new Map(),
    deployments: new Map(),
    monitors: new Map(),
    projects: new Map(),
  };

  add<C extends CapabilityName>(capability: C, provider: Capabilities[C]) {
    const providers = this.#byCapability[capability];
    if (!ID.test(provider.id)) {
      throw new Error(
        `The ${capability} provider id ${JSON.stringify(
          provider.id,
        )} is not allowed; use lower-case letters, digits and dashes`,
      );
    }
    if (providers.has(provider.id)) {
      throw new Error(
        `Two modules register a ${capability} provider "${provider.id}"; install only one of them`,
      );
    }
    providers.set(provider.id, provider);
  }

  find<C extends CapabilityName>(
    capability: C,
    id: string,
  ): Capabilities[C] | undefined {
    return this.#byCapability[capability].get(id);
  }

  /** @throws NotFoundError naming the module that is missing. */
  get<C extends CapabilityName>(capability: C, id: string): Capabilities[C] {
    const provider = this.find(capability, id);
    if (!provider) {
      throw new NotFoundError(
        `No ${capability} provider "${id}" is installed; add its module to the backend or name another provider in the model's entity`,
      );
    }
    return provider;
  }

  all<C extends CapabilityName>(capability: C): Capabilities[C][] {
    return [...this.#byCapability[capability].values()];
  }

  /** As pages name it; an id that no module registered is its own title. */
  title(capability: CapabilityName, id: string): string {
    return (
      (this.find(capability, id) as ProviderIdentity | undefined)?.title ?? id
    );
  }
}
