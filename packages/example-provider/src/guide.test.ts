import fs from 'node:fs';
import path from 'node:path';

const PACKAGE = path.resolve(__dirname, '..');
const GUIDE = path.resolve(
  PACKAGE,
  '../../docs/providers/writing-a-provider.md',
);
const NODE = path.dirname(
  require.resolve('@slipway/plugin-model-delivery-node/package.json'),
);

interface Block {
  language: string;
  firstLine: string;
  /** Relative to the package; undefined for commands. */
  file: string | undefined;
  code: string;
}

const read = (file: string) =>
  fs.readFileSync(path.join(PACKAGE, file), 'utf8');

const blocks: Block[] = [
  ...fs
    .readFileSync(GUIDE, 'utf8')
    .matchAll(/^```(\w*)(?: title="([^"]+)")?\n([\s\S]*?)^```$/gm),
].map(([, language, file, code]) => ({
  language,
  file,
  code,
  firstLine: code.split('\n')[0].trim(),
}));

/** Without the indentation that all lines share: an excerpt begins at the margin. */
function dedent(lines: string[]): string {
  const margins = lines
    .filter(line => line.trim() !== '')
    .map(line => line.length - line.trimStart().length);
  const margin = Math.min(...margins);
  return lines.map(line => line.slice(margin)).join('\n');
}

/** Whether the code is lines of the file, one after another, with nothing left out. */
function isExcerpt(code: string, file: string): boolean {
  const wanted = code.trimEnd().split('\n');
  const lines = read(file).split('\n');
  return lines.some(
    (_, start) =>
      dedent(lines.slice(start, start + wanted.length)) === dedent(wanted),
  );
}

function filesIn(folder: string): string[] {
  return fs
    .readdirSync(path.join(PACKAGE, folder), { withFileTypes: true })
    .flatMap(entry => {
      const file = path.posix.join(folder, entry.name);
      return entry.isDirectory() ? filesIn(file) : [file];
    });
}

describe('the guide of provider authors', () => {
  it('shows code of the example only, and says of which file', () => {
    const unnamed = blocks.filter(
      ({ language, file }) => language !== 'sh' && file === undefined,
    );
    expect(unnamed).toEqual([]);
  });

  it.each(blocks.filter(block => block.file !== undefined))(
    'shows $file to the letter, from $firstLine',
    ({ file, code }) => {
      expect(isExcerpt(code, file!)).toBe(true);
    },
  );

  it('shows or links every file of the example', () => {
    const guide = fs.readFileSync(GUIDE, 'utf8');
    const unseen = filesIn('src').filter(
      file => file !== 'src/guide.test.ts' && !guide.includes(file),
    );
    expect(unseen).toEqual([]);
  });
});

describe('the example', () => {
  const { exports: published } = JSON.parse(
    fs.readFileSync(path.join(NODE, 'package.json'), 'utf8'),
  );

  it('imports nothing of this repository but what is published', () => {
    const imported = filesIn('src')
      .flatMap(file => [...read(file).matchAll(/ from '(@slipway\/[^']+)'/g)])
      .map(([, name]) => name);
    const allowed = [
      // What it is tested in.
      '@slipway/plugin-model-delivery-backend',
      ...Object.keys(published).map(entry =>
        path.posix.join('@slipway/plugin-model-delivery-node', entry),
      ),
    ];
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter(name => !allowed.includes(name))).toEqual([]);
  });
});
