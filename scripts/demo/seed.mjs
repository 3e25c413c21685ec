import { setTimeout as delay } from 'node:timers/promises';
import { say } from '../launcher/say.mjs';
import { DRIFT_STORY } from './driftStory.mjs';
import { interruptedRun } from './interrupted.mjs';
import { Portal } from './portal.mjs';
import { STACK_STORY } from './stackStory.mjs';
import { STORY } from './story.mjs';
import { WorkingCopy } from './workingCopy.mjs';

const TEMPLATE = 'template:default/model-project';
const DEMOS = { stack: STACK_STORY, drift: DRIFT_STORY };
const DEMO = DEMOS[process.env.SLIPWAY_DEMO] ?? STORY;
/** What nothing of the story waits for goes again too, such as a run whose version is rejected. */
const RESUMED = [...new Set(DEMO.map(step => Object.values(step)[0].name))].map(
  name => ({ resume: { name } }),
);
const MESSAGES = DEMO.flatMap(({ commit: made }) => made?.message ?? []);
const portal = new Portal();
/** Who approves what the guest requests. */
const reviewer = new Portal('jonas.lindqvist');
/** Runs, by id, that were asked for again. */
const goesAgain = new Set();

/** Makes a model as a person does: by the template. */
async function create(values) {
  if (await portal.model(values.name)) return false;
  const { free } = await portal.get(
    `/model-delivery/v1/projects/check?name=${values.name}`,
  );
  // Its repository is there already: the catalog is about to learn of it.
  if (!free) return false;
  const { id } = await portal.post('/scaffolder/v2/tasks', {
    templateRef: TEMPLATE,
    values,
  });
  for (;;) {
    const { status } = await portal.get(`/scaffolder/v2/tasks/${id}`);
    if (status === 'completed') return true;
    if (status === 'failed' || status === 'cancelled') {
      throw new Error(
        `Creating ${values.name} ${status}; /create/tasks/${id} says why`,
      );
    }
    await delay(500);
  }
}

async function commit({ name, ...change }) {
  const { cloneUrl } = await portal.until(
    name,
    'a repository',
    model => model.repository,
  );
  const copy = new WorkingCopy(name, cloneUrl);
  if (copy.has(change.message)) return false;
  copy.commit(change);
  return true;
}

/** Has a run of the demo go again that a restart of the portal ended. */
async function resume({ name, version }) {
  const runs = `/model-delivery/v1/models/default/${name}/runs`;
  const { items } = await portal.get(`${runs}?runKind=training&limit=50`);
  const run = interruptedRun(items, MESSAGES, version);
  if (!run || goesAgain.has(run.id)) return;
  await portal.post(`${runs}/${run.id}/rerun`, {}, `demo:rerun:${run.id}`);
  goesAgain.add(run.id);
  say(
    `Demo: run ${run.number} of ${name} was interrupted by a restart; it runs again`,
  );
}

const deploymentsOf = name =>
  `/model-delivery/v1/models/default/${name}/deployments`;

/** The promotion by an earlier start of the portal, where it came as far: staging has gone on since. */
async function earlierPromotion(name, version) {
  if (!(await portal.model(name))) return undefined;
  const { items } = await portal.get(
    `${deploymentsOf(name)}?environment=production&limit=100`,
  );
  return items.find(deployment => deployment.version === version);
}

/** The guest requests, and a reviewer approves where the environment asks for it. */
async function approve(name, { id, state }) {
  if (state !== 'waiting') return;
  await reviewer.signIn();
  await reviewer.post(`${deploymentsOf(name)}/${id}/approve`, {
    reason: 'The slices look right.',
  });
}

async function promote({ name, version, reason }) {
  const earlier = await earlierPromotion(name, version);
  if (earlier) {
    await approve(name, earlier);
    return false;
  }
  await portal.until(
    name,
    `${version} in staging`,
    model =>
      model.environments.some(
        e => e.name === 'staging' && e.live?.version === version,
      ),
    () => resume({ name, version }),
  );
  const promotion = await portal.post(
    deploymentsOf(name),
    { environment: 'production', version, reason },
    `demo:${version}`,
  );
  if (promotion.state === 'blocked') {
    say(`${name} ${version}: ${promotion.message}`);
  }
  await approve(name, promotion);
  return true;
}

const STEPS = { create, commit, promote, resume };

/** Waits until the template itself is in the catalog. */
async function untilTemplate() {
  for (;;) {
    try {
      await portal.signIn();
      await portal.get(
        '/catalog/entities/by-name/template/default/model-project',
      );
      await portal.get('/catalog/entities/by-name/user/default/guest');
      return;
    } catch {
      await delay(1000);
    }
  }
}

await untilTemplate();
for (const step of [...DEMO, ...RESUMED]) {
  const [[verb, what]] = Object.entries(step);
  try {
    const news = await STEPS[verb](what);
    if (news) {
      say(
        `Demo: ${verb} ${what.name}${what.version ? ` ${what.version}` : ''}${
          what.message ? `: ${what.message}` : ''
        }`,
      );
    }
  } catch (error) {
    say(`The demo could not ${verb} ${what.name}: ${error.message}`);
    process.exitCode = 1;
    break;
  }
}
