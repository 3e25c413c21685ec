import type { DeliveryFigures } from '@slipway/plugin-model-delivery-common/schema';
import { deliveryFigures } from '../aggregation/deliveryFigures';
import type { Change } from '../database/FigureStore';
import { environmentOf } from '../delivery/environmentOf';
import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountFiltered, mountModel } from './mount';

const DAY_MS = 86_400_000;

/** Older changes of a window are left out beyond this many. */
const MAX_CHANGES = 5_000;

export function mountFigures(options: MountOptions, deps: RouteDeps): void {
  const { stores, now } = deps;

  mountModel(options, 'getModelFigures', async ({ spec, params, query }) => {
    const { environment } = params;
    environmentOf(spec, environment);
    return figuresOf(environment, query.days, since =>
      stores.figures.ofModel(
        spec.entityRef,
        environment,
        since,
        MAX_CHANGES + 1,
      ),
    );
  });

  mountFiltered(
    options,
    'getFleetFigures',
    async ({ query: { environment, days }, credentials }) => {
      const visibility = await options.authorizer.visibility(credentials);
      return figuresOf(environment, days, async since =>
        visibility === 'none'
          ? []
          : stores.figures.ofFleet(
              visibility === 'all' ? undefined : visibility,
              environment,
              since,
              MAX_CHANGES + 1,
            ),
      );
    },
  );

  async function figuresOf(
    environment: string,
    days: number,
    read: (since: string) => Promise<Change[]>,
  ): Promise<DeliveryFigures> {
    const to = now();
    const since = new Date(to.getTime() - days * DAY_MS).toISOString();
    const found = await read(since);
    const changes = found.slice(0, MAX_CHANGES);
    const limited = found.length > MAX_CHANGES;
    return deliveryFigures(changes, {
      environment,
      from: limited ? changes[changes.length - 1].liveAt : since,
      to: to.toISOString(),
      limited,
    });
  }
}
