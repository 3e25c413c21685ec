import { InputError, NotFoundError } from '@backstage/errors';
import type {
  Monitor,
  ModelSpec,
  MonitorSeries,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Sample } from '../database/MonitorStore';
import { judgeReading } from '../policy/monitors';
import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountModel } from './mount';
import { sourcesOf } from './sourcesOf';

const DEFAULT_RANGE_MS = 3_600_000;

export function mountMonitors(options: MountOptions, deps: RouteDeps): void {
  const { stores } = deps;

  const monitorsOf = async (spec: ModelSpec): Promise<Monitor[]> => {
    const stored = await stores.monitors.all(spec.entityRef);
    return spec.monitors.map(
      m => stored.get(m.name) ?? judgeReading(m, null, undefined),
    );
  };

  mountModel(options, 'listMonitors', async ({ spec }) => ({
    items: await monitorsOf(spec),
    sources: await sourcesOf(deps, spec, 'monitors'),
  }));

  mountModel(options, 'getMonitorSeries', async ({ spec, params, query }) => {
    const monitor = (await monitorsOf(spec)).find(
      m => m.name === params.monitor,
    );
    if (!monitor) {
      throw new NotFoundError(`${spec.name} has no monitor ${params.monitor}`);
    }
    const to = query.to ?? deps.now().toISOString();
    const from =
      query.from ?? new Date(Date.parse(to) - DEFAULT_RANGE_MS).toISOString();
    if (from >= to) throw new InputError('query.from must be before query.to');
    const samples = await stores.monitors.samples(
      spec.entityRef,
      monitor.name,
      { from, to },
      query.points,
    );
    const intervals = await stores.live.between(
      spec.entityRef,
      monitor.environment,
      from,
      to,
    );
    return {
      monitor,
      from,
      to,
      lines: linesOf(monitor, samples),
      deployments: intervals.map(i => ({
        at: i.from,
        version: i.version,
        deploymentId: i.deploymentId,
      })),
    };
  });
}

/** One line for a plain value; a line a feature or class where the reading has parts. */
function linesOf(monitor: Monitor, samples: Sample[]): MonitorSeries['lines'] {
  const names = [
    ...new Set(samples.flatMap(s => s.parts.map(part => part.name))),
  ];
  if (names.length === 0) {
    return [
      {
        name: monitor.name,
        limit: null,
        points: samples.map(({ at, value }) => ({ at, value })),
      },
    ];
  }
  return names.map(name => {
    const parts = samples.map(s => ({
      at: s.at,
      part: s.parts.find(p => p.name === name),
    }));
    return {
      name,
      limit: parts.findLast(p => p.part)?.part?.limit ?? null,
      points: parts.map(({ at, part }) => ({ at, value: part?.value ?? null })),
    };
  });
}
