import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

const CONFIG_KEY = 'modelDelivery.shelf';

const shelfConfig = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  token: z.string().min(1).optional(),
  webhookSecret: z.string().min(1).optional(),
});
export type ShelfConfig = z.output<typeof shelfConfig>;

/**
 * Reads `modelDelivery.shelf`.
 *
 * @returns undefined where there is no such section.
 * @throws InputError that names the setting, and never its value: it may be a secret.
 */
export function readShelfConfig(config: Config): ShelfConfig | undefined {
  const section = config.getOptional(CONFIG_KEY);
  if (section === undefined) return undefined;
  const parsed = shelfConfig.safeParse(section);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${[CONFIG_KEY, ...path].join('.')}: ${message}`,
  );
  throw new InputError(problems.join('; '));
}
