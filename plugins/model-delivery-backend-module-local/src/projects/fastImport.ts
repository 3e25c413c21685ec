import {
  type ProjectFile,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';

export interface Author {
  name: string;
  email: string;
}

/**
 * One commit on `main` with these files, as `git fast-import` reads it.
 *
 * @throws ProviderError `bad-data` for a path that leads elsewhere, or comes twice.
 */
export function fastImport(request: {
  author: Author;
  message: string;
  files: ProjectFile[];
  time: Date;
  /** The commit that it follows; left out, it is the first one. */
  from?: string;
}): Buffer {
  const when = `${Math.floor(request.time.getTime() / 1_000)} +0000`;
  const who = `${identity(request.author.name, 'Slipway')} <${identity(
    request.author.email,
    'slipway@localhost',
  )}> ${when}`;
  const parts: Array<string | Buffer> = [
    'commit refs/heads/main\n',
    `author ${who}\ncommitter ${who}\n`,
    ...data(Buffer.from(request.message, 'utf8')),
    ...(request.from === undefined ? [] : [`from ${request.from}\n`]),
  ];
  const seen = new Set<string>();
  for (const file of request.files) {
    const path = checkedPath(file.path);
    if (seen.has(path)) {
      throw new ProviderError('bad-data', `The file ${path} is given twice.`);
    }
    seen.add(path);
    parts.push(
      `M ${file.executable ? '100755' : '100644'} inline ${quoted(path)}\n`,
      ...data(file.content),
    );
  }
  return Buffer.concat(
    [...parts, '\ndone\n'].map(part =>
      typeof part === 'string' ? Buffer.from(part, 'utf8') : part,
    ),
  );
}

function data(content: Buffer): Array<string | Buffer> {
  return [`data ${content.length}\n`, content, '\n'];
}

function checkedPath(path: string): string {
  const parts = path.split('/');
  const bad =
    path.length === 0 ||
    path.length > 1_000 ||
    path.includes('\\') ||
    path.includes('\0') ||
    parts.some(
      part =>
        part === '' ||
        part === '.' ||
        part === '..' ||
        part.toLocaleLowerCase('en-US') === '.git',
    );
  if (bad) {
    throw new ProviderError(
      'bad-data',
      `${JSON.stringify(path.slice(0, 200))} cannot be a file of a repository.`,
    );
  }
  return path;
}

function quoted(path: string): string {
  return `"${path.replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Names and addresses end at what Git's format uses as signs. */
function identity(text: string, fallback: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[<>\u0000-\u001f\u007f]/g, '').trim() || fallback;
}
