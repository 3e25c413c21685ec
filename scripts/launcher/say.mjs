/** One line about what is being done. */
export function say(text) {
  process.stdout.write(`\u001b[36m›\u001b[0m ${text}\n`);
}

/** What is wrong and what mends it, one sentence each; then the end. */
export function giveUp(problems) {
  for (const problem of [problems].flat()) {
    process.stderr.write(`\u001b[31m✗\u001b[0m ${problem}\n`);
  }
  process.exit(1);
}
