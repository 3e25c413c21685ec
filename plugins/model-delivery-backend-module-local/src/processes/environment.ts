/** Variables that a child may see as they are. */
const PASSED = ['PATH', 'TZ', 'SYSTEMROOT', 'NUMBER_OF_PROCESSORS'];

/** How to reach the network from here: addresses, whose credentials are stripped. */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'];

const CERTIFICATES = [
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'PIP_CERT',
  'GIT_SSL_CAINFO',
  'NODE_EXTRA_CA_CERTS',
];

/** Where Python packages come from; only the installer needs it. */
const PACKAGE_SOURCES = [
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
  'PIP_FIND_LINKS',
  'PIP_TRUSTED_HOST',
  'PIP_CONFIG_FILE',
  'PIP_CACHE_DIR',
  'UV_INDEX_URL',
  'UV_DEFAULT_INDEX',
  'UV_INDEX',
  'UV_FIND_LINKS',
  'UV_CACHE_DIR',
  'UV_NATIVE_TLS',
  'UV_SYSTEM_CERTS',
  'UV_CONFIG_FILE',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
];

type Variables = Record<string, string | undefined>;

/**
 * The environment of a child that runs a repository's code: an allow-list, so that no secret of
 * the portal is in it.
 *
 * @param extra - names that the configuration allows besides, passed as they are.
 */
export function cleanEnvironment(
  source: Variables,
  extra: readonly string[] = [],
): Record<string, string> {
  return {
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    ...pick(source, PASSED),
    ...pick(
      source,
      PROXIES.flatMap(name => [name, name.toLocaleLowerCase('en-US')]),
      stripCredentials,
    ),
    ...pick(source, CERTIFICATES),
    ...pick(source, extra),
  };
}

/** The environment of a package installer, which runs no code of the repository. */
export function installerEnvironment(
  source: Variables,
  extra: readonly string[] = [],
): Record<string, string> {
  return {
    ...cleanEnvironment(source, []),
    ...pick(source, ['HOME']),
    ...pick(source, PACKAGE_SOURCES, stripCredentials),
    ...pick(source, extra),
  };
}

/** Takes user and password out of every URL in a value. */
export function stripCredentials(value: string): string {
  return value
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, '$1')
    .replace(/^[^/@\s:]+:[^/@\s]*@/, '');
}

function pick(
  source: Variables,
  names: readonly string[],
  change: (value: string) => string = value => value,
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap(name => {
      const value = source[name];
      return value === undefined ? [] : [[name, change(value)]];
    }),
  );
}
