import { InputError } from '@backstage/errors';
import { PROJECT_NAME } from '@slipway/plugin-model-delivery-common';
import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountBasic } from './mount';
import reservedNames from './reservedNames.json';
import { upstream } from './upstream';

/** As Python spells them. */
const RESERVED: ReadonlySet<string> = new Set(reservedNames);
const MAX_TOTAL_BYTES = 50 * 1024 * 1024;

export function mountProjects(options: MountOptions, deps: RouteDeps): void {
  /** Null when a project may have the name, else the reason why not. */
  const problemWith = async (
    name: string,
    signal: AbortSignal,
  ): Promise<string | null> => {
    const illegal = illegalName(name);
    if (illegal) return illegal;
    const known = await deps.stores.models.findRef({
      namespace: 'default',
      name,
    });
    if (known)
      return `${known} is in the catalog already. Choose another name.`;
    for (const provider of deps.registry.all('projects')) {
      const reason = await upstream(provider.title, () =>
        provider.checkName(name, { signal }),
      );
      if (reason) return reason;
    }
    return null;
  };

  mountBasic(options, 'checkProject', async ({ query, signal }) => {
    const reason = await problemWith(query.name, signal);
    return { free: reason === null, reason };
  });

  mountBasic(options, 'checkDataAddress', async ({ query }) => {
    const hosts = deps.dataAddresses.hosts();
    if (query.url === undefined) return { readable: null, reason: null, hosts };
    const reason = deps.dataAddresses.problemOf(query.url);
    return { readable: reason === null, reason, hosts };
  });

  mountBasic(options, 'createProject', async call => {
    const { body, idempotencyKey, signal } = call;
    const illegal = illegalName(body.name);
    if (illegal) throw new InputError(illegal);
    const provider = deps.registry.get('projects', body.provider);
    const files = body.files.map(file => ({
      path: safePath(file.path),
      content: Buffer.from(file.content, 'base64'),
      executable: file.executable,
    }));
    const bytes = files.reduce((sum, f) => sum + f.content.length, 0);
    if (bytes > MAX_TOTAL_BYTES) {
      throw new InputError(
        `The files have ${bytes} bytes; a project may have ${MAX_TOTAL_BYTES}`,
      );
    }
    await deps.projectEntities.assertValid(files);
    const created = await upstream(provider.title, () =>
      provider.create({ ...body, files, key: idempotencyKey }, { signal }),
    );
    return { name: body.name, ...created };
  });
}

/** Why no project can have this name; null where one can. */
function illegalName(name: string): string | null {
  const { pattern, minLength, maxLength, hint } = PROJECT_NAME;
  const fits =
    new RegExp(pattern).test(name) &&
    name.length >= minLength &&
    name.length <= maxLength;
  if (!fits) return hint;
  return RESERVED.has(name.replaceAll('-', '_'))
    ? `${name} is a name that Python or a library uses, so the package of the project could not be imported. Choose another name.`
    : null;
}

/** @throws InputError for a path that leaves the project or touches Git's own folder. */
function safePath(path: string): string {
  const parts = path.split('/');
  const unsafe =
    path.includes('\\') ||
    path.includes('\0') ||
    parts.some(part => part === '' || part === '.' || part === '..') ||
    parts.some(part => part.toLocaleLowerCase('en-US') === '.git');
  if (unsafe) {
    throw new InputError(
      `The path ${JSON.stringify(path)} is not allowed in a project; use relative paths inside it`,
    );
  }
  return path;
}
