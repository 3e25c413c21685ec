#!/usr/bin/env node
// @ts-check
/*
 * Verifies the chain of a model's history, as `GET …/audit/export` gives it in JSON lines. It needs nothing
 * of Slipway, so that an auditor can read all of it.
 *
 *   slipway-verify-history [--head <seq>:<hash>] < history.jsonl
 */
const { createHash } = require('node:crypto');
const fs = require('node:fs');

/**
 * @param {string[]} lines - one entry each, from the first of the model on.
 * @param {{ seq: number, hash: string }} [head] - the end that the chain must have, as it was kept elsewhere.
 * @returns {{ entries: number, hash: string, problems: string[] }}
 */
function verify(lines, head) {
  const problems = [];
  let hash = '';
  let seq = 0;
  let headSeen = head === undefined || (head.seq === 0 && head.hash === '');
  for (const line of lines) {
    const e = JSON.parse(line);
    if (e.seq !== seq + 1) {
      problems.push(`Entry ${seq + 1} is missing: ${e.seq} follows ${seq}`);
    }
    if (e.previousHash !== hash) {
      problems.push(`Entry ${e.seq} does not continue the entry before it`);
    }
    const fields = [
      e.previousHash,
      e.entityRef,
      e.seq,
      e.at,
      e.by,
      e.what,
      e.outcome,
      e.environment,
      e.deploymentId,
      e.from,
      e.to,
      e.reason,
      e.message,
      e.requestId,
    ];
    const own = createHash('sha256')
      .update(JSON.stringify(fields))
      .digest('hex');
    if (e.hash !== own) {
      problems.push(`Entry ${e.seq} was changed: its fields have another hash`);
    }
    ({ seq, hash } = e);
    if (head && head.seq === seq && head.hash === hash) headSeen = true;
  }
  if (!headSeen && head) {
    problems.push(
      `The chain does not contain entry ${head.seq} with the hash ${head.hash}: entries were deleted or rewritten`,
    );
  }
  return { entries: lines.length, hash, problems };
}

function main() {
  const at = process.argv.indexOf('--head');
  const [seq, hash] = at < 0 ? [] : (process.argv[at + 1] ?? '').split(':');
  const head =
    seq === undefined ? undefined : { seq: Number(seq), hash: hash ?? '' };
  const lines = fs.readFileSync(0, 'utf8').split('\n').filter(Boolean);
  const found = verify(lines, head);
  for (const problem of found.problems) process.stderr.write(`${problem}\n`);
  process.stdout.write(
    found.problems.length === 0
      ? `${found.entries} entries, unbroken; the last has the hash ${found.hash}\n`
      : `The chain is broken: ${found.problems.length} problems\n`,
  );
  process.exitCode = found.problems.length === 0 ? 0 : 1;
}

if (require.main === module) main();
module.exports = { verify };
