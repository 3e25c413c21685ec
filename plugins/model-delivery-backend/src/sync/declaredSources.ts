import type {
  ModelSpec,
  ProviderTarget,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Capability, DeclaredSource } from '../database/SourceStore';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';

/** Every provider that a model's spec names, once a capability, with what it is about there. */
export function declaredSources(
  spec: ModelSpec,
  registry: ProviderRegistry,
): DeclaredSource[] {
  const named: [Capability, ProviderTarget[]][] = [
    ['pipelines', spec.pipelines],
    ['versions', spec.versions ? [spec.versions] : []],
    ['deployments', spec.environments.map(e => e.target)],
    ['monitors', spec.monitors.map(m => m.source)],
  ];
  return named.flatMap(([capability, targets]) =>
    [...new Set(targets.map(t => t.provider))].map(provider => {
      const subjects = targets
        .filter(target => target.provider === provider)
        .map(target =>
          registry
            .find(capability, provider)
            ?.subjectOf?.(targetOf(spec, target)),
        )
        .filter(subject => typeof subject === 'string');
      return {
        source: `${capability}:${provider}`,
        provider,
        capability,
        subjects: [...new Set(subjects)],
      };
    }),
  );
}
