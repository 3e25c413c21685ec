import type { RouteDeps } from './RouteDeps';

/** Probes come often, from anybody: they cost one query in this time. */
const FRESH_MS = 5_000;

interface Health {
  status: 'ok' | 'degraded';
  sources: { total: number; failing: number };
}

/** How many sources fail. */
export function cachedHealth(
  deps: Pick<RouteDeps, 'listSources' | 'now'>,
): () => Promise<Health> {
  let known: { atMs: number; health: Promise<Health> } | undefined;
  return () => {
    const atMs = deps.now().getTime();
    if (!known || atMs - known.atMs > FRESH_MS) {
      const health = read(deps);
      known = { atMs, health };
      // A failure is not kept.
      health.catch(() => {
        known = undefined;
      });
    }
    return known.health;
  };
}

async function read(deps: Pick<RouteDeps, 'listSources'>): Promise<Health> {
  const sources = await deps.listSources();
  const failing = sources.filter(source => source.failing > 0).length;
  return {
    status: failing > 0 ? 'degraded' : 'ok',
    sources: { total: sources.length, failing },
  };
}
