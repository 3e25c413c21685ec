import crypto from 'node:crypto';
import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { eventsExtensionPoint } from '@backstage/plugin-events-node/alpha';
import { z } from 'zod';
import { readShelfConfig } from './config';

/** Deliveries come in at `/api/events/http/shelf`. */
export const TOPIC = 'shelf';

/** What Shelf sends when a version or an alias of a model changed. */
export const delivery = z.looseObject({ model: z.string().min(1).max(100) });

/** Lets signed deliveries in. Without a secret there is no way in. */
export const eventsModuleShelf = createBackendModule({
  pluginId: 'events',
  moduleId: 'model-delivery-shelf',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        events: eventsExtensionPoint,
      },
      async init({ config, events }) {
        const secret = readShelfConfig(config)?.webhookSecret;
        if (!secret) return;
        events.addHttpPostIngress({
          topic: TOPIC,
          async validator({ headers, raw }, context) {
            const given = headers['x-shelf-signature'];
            if (isSigned(raw.body, given, secret)) return;
            context.reject({
              status: 403,
              payload: { message: 'The signature is invalid.' },
            });
          },
        });
      },
    });
  },
});

/** Whether `given` is `sha256=` and the HMAC of the body, in hex. */
function isSigned(body: Buffer, given: unknown, secret: string): boolean {
  const hmac = crypto.createHmac('sha256', secret).update(body).digest('hex');
  const [a, b] = [Buffer.from(String(given)), Buffer.from(`sha256=${hmac}`)];
  return a.length === b.length && crypto.timingSafeEqual(a, b);
}
