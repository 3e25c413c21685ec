import type {
  Finding,
  ModelChoice,
  MonitorSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type {
  PipelineProvider,
  ProviderContext,
  VersionProvider,
} from '@slipway/plugin-model-delivery-node';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { idOf, pageOf, runOf, versionNameOf, versionOf } from '../sync/answers';
import { type Chosen, failureOf, type FoundMonitors } from './chosen';

export const ENTITY_FILE = 'catalog-info.yaml';
const CONTRACT_FILES = ['model.toml', '.slipway.json'];
const LOOK = 5;

type What = Finding['what'];

const finding = (
  what: What,
  status: Finding['status'],
  summary: string,
  remedy: string | null = null,
): Finding => ({ what, status, summary, remedy });

/** A provider that fails is a finding too: the others still tell theirs. */
async function orFailure(
  what: What,
  title: string,
  find: () => Promise<Finding>,
): Promise<Finding> {
  try {
    return await find();
  } catch (error) {
    return finding(
      what,
      'failed',
      `${title}: ${failureOf(error)}`,
      'Test the connection on the Sources page.',
    );
  }
}

const several = (n: number, more: boolean, word: string) =>
  `${n}${more ? ' or more' : ''} ${word}${n === 1 ? '' : 's'}`;

export async function findRuns(
  chosen: Chosen<PipelineProvider> | undefined,
  context: ProviderContext,
): Promise<Finding> {
  if (!chosen) {
    return finding(
      'pipelines',
      'not-configured',
      'No repository is chosen, so no runs are shown.',
      'Choose the repository whose pipelines train or deploy the model.',
    );
  }
  const { provider, model } = chosen;
  return orFailure('pipelines', provider.title, async () => {
    const page = pageOf(
      provider,
      'runs',
      await provider.listRuns(model, { limit: LOOK }, context),
    );
    const [item] = page.items;
    const newest =
      item === undefined
        ? undefined
        : runOf(provider, idOf(provider, item), item);
    return newest
      ? finding(
          'pipelines',
          'found',
          `${several(page.items.length, page.nextCursor !== undefined, 'run')}; the newest ${newest.status} on ${newest.createdAt.slice(0, 10)}.`,
        )
      : finding(
          'pipelines',
          'none',
          'The repository has no runs of this pipeline yet.',
          'Runs show as soon as its pipeline has run once.',
        );
  });
}

/** Whether the repository keeps the contract, which is what tests and comparisons come from. */
export async function findContract(
  chosen: Chosen<PipelineProvider> | undefined,
  context: ProviderContext,
): Promise<Finding | null> {
  if (!chosen?.provider.findFiles) return null;
  const { provider, model } = chosen;
  return orFailure('contract', provider.title, async () => {
    const files = await provider.findFiles?.(model, CONTRACT_FILES, context);
    return files && files.length > 0
      ? finding(
          'contract',
          'found',
          `The repository keeps the model project contract (${files[0]}).`,
        )
      : finding(
          'contract',
          'none',
          'The repository keeps none of the model project contract: runs and versions show, tests and comparisons do not.',
          'Let its pipeline write the reports of the contract and upload them as the artifact “reports”; any part of it helps.',
        );
  });
}

export async function findVersions(
  chosen: Chosen<VersionProvider> | undefined,
  context: ProviderContext,
): Promise<Finding> {
  if (!chosen) {
    return finding(
      'versions',
      'not-configured',
      'No registry is chosen, so no versions are shown and nothing can be deployed.',
      'Choose the registered model.',
    );
  }
  const { provider, model } = chosen;
  return orFailure('versions', provider.title, async () => {
    const page = pageOf(
      provider,
      'versions',
      await provider.listVersions(model, { limit: LOOK }, context),
    );
    const [item] = page.items;
    if (item === undefined) {
      return finding(
        'versions',
        'none',
        'The registered model has no versions yet.',
        'Register one; it appears automatically.',
      );
    }
    const newest = versionOf(provider, versionNameOf(provider, item), item);
    const count = several(
      page.items.length,
      page.nextCursor !== undefined,
      'version',
    );
    return finding(
      'versions',
      'found',
      `${count}; the newest is ${newest.version}, with ${several(newest.metrics.length, false, 'metric')}.`,
      newest.digest
        ? null
        : 'Versions carry no digest, so their provenance is unknown: tag them when they are registered.',
    );
  });
}

/** Where deployments go is for a person to say; without it there is nothing to promote to. */
export function noEnvironments(choice: ModelChoice): Finding | null {
  if (choice.environments) return null;
  return finding(
    'deployments',
    'not-configured',
    'No environments are declared, so nothing is deployed from here and nothing can be watched.',
    'Choose what serves the model, or add environments to the file later.',
  );
}

export async function findEntityFile(
  chosen: Chosen<PipelineProvider> | undefined,
  known: string | undefined,
  context: ProviderContext,
): Promise<Finding> {
  if (known) {
    return finding(
      'catalog',
      'found',
      `${known} is in the catalog already.`,
      'Choose another name, or change the file that declares it.',
    );
  }
  if (!chosen?.provider.findFiles) {
    return finding('catalog', 'none', 'The catalog does not know it yet.');
  }
  const { provider, model } = chosen;
  return orFailure('catalog', provider.title, async () => {
    const files = await provider.findFiles?.(model, [ENTITY_FILE], context);
    return files && files.length > 0
      ? finding(
          'catalog',
          'found',
          `The repository has a ${ENTITY_FILE} already.`,
          'A pull request would replace it: add the entity below to it by hand instead.',
        )
      : finding('catalog', 'none', 'The catalog does not know it yet.');
  });
}

/** What the chosen monitors provider could watch, in every chosen environment. */
export async function findMonitors(
  registry: ProviderRegistry,
  choice: ModelChoice,
  context: ProviderContext,
): Promise<FoundMonitors> {
  const provider = choice.monitors
    ? registry.get('monitors', choice.monitors)
    : undefined;
  const names = choice.environments?.names ?? [];
  if (!provider?.suggest || names.length === 0) {
    return {
      monitors: [],
      finding: finding(
        'monitors',
        'not-configured',
        'Nothing watches the model.',
        names.length === 0
          ? 'A monitor watches an environment: choose those first.'
          : 'Choose what watches it.',
      ),
    };
  }
  try {
    const suggested = await Promise.all(
      names.map(environment =>
        provider.suggest?.(
          { namespace: choice.namespace, name: choice.name, environment },
          context,
        ),
      ),
    );
    const withData = suggested
      .flatMap(list => list ?? [])
      .filter(({ hasData }) => hasData)
      .map(({ monitor }) => monitor);
    return {
      monitors: named(withData, names.length > 1),
      finding:
        withData.length > 0
          ? finding(
              'monitors',
              'found',
              `${provider.title} has data for ${withData.map(m => `${m.name} in ${m.environment}`).join(', ')}.`,
            )
          : finding(
              'monitors',
              'none',
              `${provider.title} has no data of this model by any of its templates.`,
              'Add a template to app-config, or a query to the file.',
            ),
    };
  } catch (error) {
    return {
      monitors: [],
      finding: finding(
        'monitors',
        'failed',
        `${provider.title}: ${failureOf(error)}`,
        'Test the connection on the Sources page.',
      ),
    };
  }
}

/** Monitors of one entity have names of their own. */
function named(monitors: MonitorSpec[], inSeveral: boolean): MonitorSpec[] {
  return monitors.map(monitor => ({
    ...monitor,
    name: inSeveral ? `${monitor.name}-${monitor.environment}` : monitor.name,
  }));
}
