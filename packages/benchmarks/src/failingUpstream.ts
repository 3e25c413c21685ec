import { CALLS, type Capability } from './SimulatedSystem';
import { countKnown, lostBetween } from './knownTo';
import { startPortal } from './simulatedPortal';
import { milliseconds, quantile } from './statistics.mjs';

/**
 * What pages cost, and what is known, while a share of all upstream calls of all four capabilities
 * fails at random: two backends side by side, one whose outside system fails and one whose does not,
 * by a simulated clock.
 */
const quick = process.argv.includes('--quick');
const MODELS = quick ? 4 : 40;
const SHARE = 0.3;
const STEP_SECONDS = 5;
const MINUTES = quick ? 2 : 10;
const ANSWERS_A_STEP = quick ? 5 : 60;
const WARM_UP = 5;
const MOST_RATIO = 1.1;
const SEED = 20261124;

/** The same numbers at every run. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

type Portal = Awaited<ReturnType<typeof startPortal>>;

async function failForAWhile(calm: Portal, rough: Portal): Promise<number> {
  const steps = (MINUTES * 60) / STEP_SECONDS;
  let lost = 0;
  let before = await rough.known();
  for (let step = 0; step < steps; step++) {
    // A version of all models every minute: something to miss.
    if (step % (60 / STEP_SECONDS) === 0) {
      calm.system.addVersion();
      rough.system.addVersion();
    }
    await calm.step();
    await rough.step();
    // Else the first answers after so much work pay for what it left to be collected.
    globalThis.gc!();
    for (let i = 0; i < WARM_UP; i++) {
      await calm.answer(step + i);
      await rough.answer(step + i);
    }
    for (let i = 0; i < ANSWERS_A_STEP; i++) {
      const order = (step + i) % 2 ? [calm, rough] : [rough, calm];
      for (const side of order) {
        side.samples.push(await side.answer(step * ANSWERS_A_STEP + i));
      }
    }
    const after = await rough.known();
    lost += lostBetween(before, after);
    before = after;
  }
  return lost;
}

/** @returns in how many simulated seconds all was known again. */
async function converge(portal: Portal): Promise<number> {
  portal.system.share = 0;
  portal.system.end();
  for (let seconds = 0; ; seconds += STEP_SECONDS) {
    const behind = Object.values(await portal.behind());
    const unsettled = await portal.unsettled();
    if (unsettled === 0 && behind.every(count => count === 0)) return seconds;
    if (seconds > 3_600) {
      throw new Error(
        `It does not converge in an hour: ${behind} behind, ${unsettled} unsettled`,
      );
    }
    await portal.step();
  }
}

/** Of the p95 of each minute, the one in the middle: what else a machine does has its moments. */
function ratioOfMinutes(calm: number[], rough: number[]): number {
  const size = calm.length / MINUTES;
  const ratios = Array.from({ length: MINUTES }, (_, minute) => {
    const [p95, p95Failing] = [calm, rough].map(samples =>
      quantile(samples.slice(minute * size, (minute + 1) * size), 0.95),
    );
    return p95Failing / p95;
  });
  return quantile(ratios, 0.5);
}

async function main() {
  const options = { models: MODELS, stepSeconds: STEP_SECONDS };
  const calm = await startPortal({ ...options, chance: () => 1 });
  const rough = await startPortal({ ...options, chance: chances(SEED) });
  await calm.step();
  await rough.step();
  rough.system.share = SHARE;
  rough.system.asked.clear();
  let lost = await failForAWhile(calm, rough);
  const during = await rough.behind();
  const counted = (Object.keys(CALLS) as Capability[]).map(capability => ({
    capability,
    ...(rough.system.asked.get(capability) ?? { calls: 0, failed: 0 }),
  }));
  const before = await rough.known();
  const seconds = await converge(rough);
  const after = await rough.known();
  lost += lostBetween(before, after);
  const [p95, p95Failing] = [calm, rough].map(({ samples }) =>
    quantile(samples, 0.95),
  );
  const ratio = ratioOfMinutes(calm.samples, rough.samples);

  console.log(
    `${MODELS} models, ${MINUTES} simulated minutes, ${SHARE * 100} % of all upstream calls fail:`,
  );
  console.table(
    counted.map(({ capability, calls, failed }) => ({
      capability,
      calls,
      failed,
      share: `${((failed / calls) * 100).toFixed(0)} %`,
      'behind at the end': during[capability],
    })),
  );
  console.log(
    `page p95 ${milliseconds(p95)} without failures, ${milliseconds(p95Failing)} with them: ratio of the minute in the middle ${ratio.toFixed(3)} (at most ${MOST_RATIO}) over ${calm.samples.length} answers each`,
  );
  console.log(
    `${lost} of what was known was lost (none may be): ${countKnown(after)}`,
  );
  console.log(
    `all is up to date and no source fails ${seconds} s after the failures ended`,
  );
  await calm.close();
  await rough.close();
  const allFailed = counted.every(({ failed }) => failed > 0);
  const isFast = ratio <= MOST_RATIO || quick;
  process.exitCode = isFast && lost === 0 && allFailed ? 0 : 1;
}

void main();
