import fs from 'node:fs';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The system's Chromium, or else the one that a package carries. */
export async function chromium() {
  const installed = INSTALLED.find(file => fs.existsSync(file));
  if (installed) return { executablePath: installed, args: ARGS };
  const { default: packaged } = await import('@sparticuz/chromium');
  return {
    executablePath: await packaged.executablePath(),
    args: [
      // In one process, the browser hangs or ends after some pages were closed.
      ...packaged.args.filter(arg => arg !== '--single-process'),
      ...ARGS,
    ],
  };
}
