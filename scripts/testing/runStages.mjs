/**
 * Runs stages, at most `lanes` side by side, in their order. A stage with `alone` keeps all cores
 * busy by itself, so it waits until the stages before it have ended, and the next ones wait for it.
 *
 * @param run - runs one stage; must not reject.
 * @returns what `run` returned, in the order of the stages.
 */
export async function runStages(stages, { lanes, run }) {
  const results = new Array(stages.length);
  const running = new Set();
  for (const [index, stage] of stages.entries()) {
    const limit = stage.alone ? 1 : lanes;
    while (running.size >= limit) await Promise.race(running);
    const task = run(stage).then(result => {
      results[index] = result;
      running.delete(task);
    });
    running.add(task);
    if (stage.alone) await task;
  }
  await Promise.all(running);
  return results;
}
