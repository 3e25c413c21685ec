import { InputError } from '@backstage/errors';
import type { RouteDeps } from './createRouter';
import { type MountOptions, mountBasic } from './mount';
import { RESERVED_NAMES } from './reservedNames';
import { upstream } from './upstream';

const NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])$/;
const MAX_TOTAL_BYTES = 50 * 1024 * 1024;

export function mountProjects(options: MountOptions, deps: RouteDeps): void {
  /** Null when a project may have the name, else the reason why not. */
  const problemWith = async (
    name: string,
    signal: AbortSignal,
  ): Promise<string | null> => {
    if (!NAME.test(name)) {
      return 'Use 2 to 63 lower-case letters, digits and dashes, beginning with a letter and not ending with a dash.';
    }
    if (RESERVED_NAMES.has(name)) {
      return `${name} is a name that Python itself uses, so its package would break. Choose another one.`;
    }
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

  mountBasic(options, 'createProject', async call => {
    const { body, idempotencyKey, signal } = call;
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
    const created = await upstream(provider.title, () =>
      provider.create({ ...body, files, key: idempotencyKey }, { signal }),
    );
    return { name: body.name, ...created };
  });
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
