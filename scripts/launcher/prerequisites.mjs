import { execFileSync } from 'node:child_process';

const PYTHONS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'];

/** The output of a command, or null where it cannot be run. */
function output(command, args) {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

const PROBE =
  'import sys; print(sys.executable if sys.version_info >= (3, 11) else "")';

/** The first Python that is new enough, or null. */
export function findPython() {
  for (const name of PYTHONS) {
    const found = output(name, ['-c', PROBE]);
    if (found) return found;
  }
  return null;
}

/** What is missing on this machine, each as a sentence with the fix. */
export function missing() {
  const problems = [];
  if (Number(process.versions.node.split('.')[0]) < 18) {
    problems.push(
      `Node ${process.versions.node} is too old: install Node 18 or newer from https://nodejs.org.`,
    );
  }
  if (output('npm', ['--version']) === null) {
    problems.push(
      'npm is missing: install it with Node from https://nodejs.org.',
    );
  }
  if (output('git', ['--version']) === null) {
    problems.push(
      'Git is missing: install it, for example with "apt-get install git", or from https://git-scm.com.',
    );
  }
  if (findPython() === null) {
    problems.push(
      'Python 3.11 or newer is missing: install it, for example with "apt-get install python3", or from https://www.python.org.',
    );
  }
  return problems;
}
