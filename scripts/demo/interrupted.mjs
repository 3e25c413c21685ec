/**
 * The run of the demo that has to go again: the newest training of a model, where a restart ended
 * it. One that failed, was rejected or was cancelled by a person has ended for a reason that another
 * run does not change, and what people pushed is theirs.
 *
 * @param runs - of one model, newest first.
 * @param messages - of the demo's commits; the first run is that of the template.
 * @param version - that is waited for, if one is: where it is there, nothing has to go.
 * @returns undefined where none has to.
 */
export function interruptedRun(runs, messages, version) {
  const trainings = runs.filter(({ kind }) => kind === 'training');
  const [newest] = trainings;
  const isThere =
    version !== undefined && trainings.some(run => run.version === version);
  if (newest?.status !== 'interrupted' || newest.version || isThere) {
    return undefined;
  }
  const isOfDemo =
    newest.number === 1 || messages.includes(newest.commitMessage);
  return isOfDemo ? newest : undefined;
}
