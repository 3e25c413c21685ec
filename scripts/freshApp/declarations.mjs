import fs from 'node:fs';
import path from 'node:path';

const FILE = 'tsconfig.declarations.json';

/** Emits the types of what is packed; tests and the rest of the repository have their own check. */
export async function emitDeclarations(source, commands) {
  fs.writeFileSync(
    path.join(source, FILE),
    JSON.stringify({
      extends: './tsconfig.json',
      include: [
        'plugins/*/src',
        'plugins/*/config.d.ts',
        // Says what a CSS module is.
        'packages/app/src/index.tsx',
      ],
      exclude: ['node_modules', '**/*.test.*', '**/__testUtils__'],
    }),
  );
  await commands.run(source, 'yarn', ['tsc', '--project', FILE]);
}
