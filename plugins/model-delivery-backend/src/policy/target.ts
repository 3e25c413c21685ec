import type { GateResult } from '@slipway/plugin-model-delivery-common/schema';
import { fromEntity } from './basis';
import type { GateInput } from './gateInput';
import { fail, unknown } from './verdict';

/** What an environment asks of its provider, where the provider cannot do it or it contradicts itself. */
export function judgeTarget(input: GateInput): GateResult[] {
  return [...judgeBatch(input), ...judgeStrategy(input)];
}

function judgeBatch(input: GateInput): GateResult[] {
  const { target, name } = input.environment;
  if (!target.batch || input.deploysWith?.runsBatchJobs) return [];
  return [
    {
      id: 'batch',
      title: 'Runs as a batch job',
      ...unknown(
        `${titleOf(input)} does not run batch jobs, so ${name} has nothing that runs on its schedule. Remove "batch" from its target, or name another provider.`,
        fromEntity(),
      ),
    },
  ];
}

/** A strategy is declared for a provider that can carry it out; one that cannot leaves it unknown. */
function judgeStrategy(input: GateInput): GateResult[] {
  const { strategy, target, name } = input.environment;
  if (!strategy) return [];
  const gate = { id: 'strategy', title: 'Traffic in steps' };
  if (target.batch) {
    return [
      {
        ...gate,
        ...fail(
          `${name} runs as a batch job, which has no traffic to split or to mirror. Remove "strategy" from the environment.`,
          fromEntity(),
        ),
      },
    ];
  }
  if (input.deploysWith?.splitsTraffic) return [];
  return [
    {
      ...gate,
      ...unknown(
        `${titleOf(input)} cannot split traffic, so ${name} cannot be rolled out in steps. Remove "strategy" from the environment to deploy at once.`,
        fromEntity(),
      ),
    },
  ];
}

function titleOf({ environment, deploysWith }: GateInput): string {
  return deploysWith?.title ?? `The provider "${environment.target.provider}"`;
}
