import { type SeededRegistry, startSeededMlflow } from './mlflowRegistry';
import { milliseconds, quantile } from './statistics.mjs';

const VERSIONS = 20;
/** Of the p95 of MLflow's own first page. */
const MOST_SHARE = 0.1;

/** A real MLflow registry of so many models; undefined, and said, where it cannot be had. */
export async function startMlflow(
  models: number,
): Promise<SeededRegistry | undefined> {
  try {
    return await startSeededMlflow({
      models,
      versions: VERSIONS,
      longVersions: 1,
    });
  } catch (error) {
    console.log(`No MLflow to compare with: ${(error as Error).message}`);
    return undefined;
  }
}

/**
 * Asks for the first page of a registry in turns with ours of as many models, and prints both.
 *
 * @returns whether the p95 of ours is at most a tenth.
 */
export async function isFarBelow(
  registry: SeededRegistry,
  rounds: number,
  ours: () => Promise<unknown>,
): Promise<boolean> {
  const theirs = async () => {
    const answer = await fetch(
      `${registry.url}/api/2.0/mlflow/registered-models/search?max_results=100`,
    );
    if (!answer.ok) throw new Error(await registry.lastError());
    return answer.json();
  };
  const samples = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    samples.ours.push(await timed(ours));
    samples.theirs.push(await timed(theirs));
  }
  const print = (times: number[]) =>
    `${milliseconds(quantile(times, 0.5))} / ${milliseconds(quantile(times, 0.95))}`;
  const share = quantile(samples.ours, 0.95) / quantile(samples.theirs, 0.95);
  console.log(
    `  first page of 100, beside MLflow     ${print(samples.ours)}, MLflow ${print(samples.theirs)}: p95 is ${share.toFixed(2)} of it, at most ${MOST_SHARE}`,
  );
  return share <= MOST_SHARE;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
