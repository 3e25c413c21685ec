import fs from 'node:fs';
import path from 'node:path';
import { endRecordedProcesses } from './launcher/childProcesses.mjs';
import { STATE } from './launcher/paths.mjs';
import { takenPorts } from './launcher/ports.mjs';
import { giveUp, say } from './launcher/say.mjs';

const taken = await takenPorts();
if (taken.length > 0) {
  giveUp(
    'The portal seems to run still: end it with Ctrl-C first, so that nothing writes while its state is emptied.',
  );
}
await endRecordedProcesses();
const keep = path.join(STATE, 'toolchain.json');
for (const name of fs.existsSync(STATE) ? fs.readdirSync(STATE) : []) {
  const entry = path.join(STATE, name);
  if (entry !== keep) fs.rmSync(entry, { recursive: true, force: true });
}
say(`Emptied ${STATE}. "npm start" begins anew.`);
