import { ProviderError } from '@slipway/plugin-model-delivery-node';

/**
 * The alias under which MLflow keeps what the portal calls by `name`. MLflow keeps `latest` and
 * names such as `v1` for itself.
 *
 * @param names - what the configuration says, by our name.
 * @throws ProviderError `bad-data`
 */
export function aliasFor(
  name: string,
  names: Readonly<Record<string, string>>,
): string {
  const wanted = Object.hasOwn(names, name) ? names[name] : name;
  const alias = /^(latest|v\d+)$/i.test(wanted)
    ? `environment-${wanted}`
    : wanted;
  if (/^[\w-]{1,255}$/.test(alias)) return alias;
  throw new ProviderError(
    'bad-data',
    `MLflow takes no alias named ${JSON.stringify(
      alias.slice(0, 80),
    )}: it allows letters, digits, dashes and underscores. Map ${JSON.stringify(
      name,
    )} to another alias in the configuration of this server.`,
  );
}
