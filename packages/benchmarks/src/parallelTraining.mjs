import { Backend } from '../../end-to-end/portal/Backend.mjs';

const NAME = 'forest';
const quick = process.argv.includes('--quick');
const AT_LEAST = 1.5;
const MIN_JOB_SECONDS = 2;
const SLOTS = [1, 2];

/** Makes each of four trainings take a few seconds. */
const dearer = text =>
  text
    .replace(/^variants = .*$/m, 'variants = ["boosting"]')
    .replace(/^\[params\.logistic\]\n[^[]*/m, '')
    .replace(/^seeds = .*$/m, 'seeds = [11, 12, 13, 14]')
    .replace(/^rounds = .*$/m, `rounds = ${quick ? 20 : 1500}`);

/** Seconds from the first training's start to the last one's end, and the shortest training. */
async function measure(backend, runId) {
  const { jobs } = await backend.model(NAME, `/runs/${runId}`);
  const trained = jobs.filter(j => j.group === 'train');
  const at = key => trained.map(j => Date.parse(j[key]) / 1000);
  const [starts, ends] = [at('startedAt'), at('finishedAt')];
  return {
    seconds: Math.max(...ends) - Math.min(...starts),
    shortest: Math.min(...ends.map((end, i) => end - starts[i])),
    jobs: trained.length,
  };
}

const newest = async backend => (await backend.model(NAME, '/runs')).items[0];
const untilTrained = (backend, holds) =>
  backend.until('the trainings have ended', async () => {
    const { id, commit } = await newest(backend);
    const { jobs } = await backend.model(NAME, `/runs/${id}`);
    const select = jobs.find(j => j.name === 'select');
    return holds({ id, commit }) && select?.status === 'passed' && id;
  });

const results = new Map();
let runId;
const backend = await Backend.start({
  APP_CONFIG_modelDelivery_local_slots: String(SLOTS[0]),
  APP_CONFIG_modelDelivery_local_traffic_enabled: 'false',
});
try {
  const clone = await backend.createAndClone(NAME);
  const commit = clone.push('model.toml', dearer, 'Train longer');
  runId = await untilTrained(backend, run => run.commit === commit);
  results.set(SLOTS[0], await measure(backend, runId));

  await backend.kill();
  backend.overrides.APP_CONFIG_modelDelivery_local_slots = String(SLOTS[1]);
  await backend.spawn();
  const { runId: again } = await backend.model(NAME, `/runs/${runId}/rerun`, {
    method: 'POST',
  });
  await untilTrained(backend, run => run.id === again);
  results.set(SLOTS[1], await measure(backend, again));
} finally {
  await backend.stop();
}

for (const [slots, { seconds, shortest, jobs }] of results) {
  console.log(
    `${slots} slot${slots > 1 ? 's' : ''}: ${jobs} trainings in ${seconds.toFixed(
      1,
    )} s, the shortest took ${shortest.toFixed(1)} s`,
  );
}
const [one, two] = SLOTS.map(slots => results.get(slots));
const gain = one.seconds / two.seconds;
console.log(
  `gain of the second slot: ${gain.toFixed(2)} (at least ${AT_LEAST})`,
);
const long = Math.min(one.shortest, two.shortest) >= MIN_JOB_SECONDS;
if (!long) console.log(`A training took less than ${MIN_JOB_SECONDS} s.`);
process.exitCode = quick || (gain >= AT_LEAST && long) ? 0 : 1;
