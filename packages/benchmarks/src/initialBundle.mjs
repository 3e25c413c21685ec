import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ROOT = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../..',
);
const AT_MOST = 3 * 1024;
/** What every host of the new frontend system has loaded already. */
const HOST = [
  '@backstage/*',
  'react',
  'react-dom',
  'react/jsx-runtime',
  'react-router-dom',
];

/** What the plugin's own entries add to what a host loads at its start. */
const { metafile, outputFiles } = await build({
  stdin: {
    contents: `export { default as plugin } from './src/index';
export { default as alpha } from './src/alpha';`,
    resolveDir: path.join(ROOT, 'plugins/model-delivery'),
    loader: 'ts',
  },
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  write: false,
  metafile: true,
  outdir: 'initial-bundle',
  jsx: 'automatic',
  external: HOST,
  loader: { '.css': 'local-css' },
  logLevel: 'error',
});
const { outputs } = metafile;
const initial = new Set();
const walk = chunk => {
  if (initial.has(chunk)) return;
  initial.add(chunk);
  for (const { kind, path: next } of outputs[chunk].imports) {
    if (kind === 'import-statement' && outputs[next]) walk(next);
  }
};
walk(Object.keys(outputs).find(o => outputs[o].entryPoint === '<stdin>'));

let bytes = 0;
for (const chunk of initial) {
  const file = outputFiles.find(f => f.path.endsWith(path.basename(chunk)));
  bytes += gzipSync(file.contents).length;
}
console.log(
  `loaded at a host's start: ${bytes} bytes gzipped in ${initial.size} files (at most ${AT_MOST})`,
);
process.exitCode = bytes <= AT_MOST ? 0 : 1;
