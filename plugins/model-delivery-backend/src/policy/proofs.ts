import type {
  EvidenceOf,
  TestSuite,
} from '@slipway/plugin-model-delivery-common/schema';
import { fromEvidence, nothingObserved } from './basis';
import { earliest } from './changesAt';
import { evidenceOf } from './evidenceOf';
import type { GateInput } from './gateInput';
import {
  type Basis,
  fail,
  pass,
  unknown,
  type Verdict,
  worst,
} from './verdict';

/** Judges several suites as one gate: the worst decides, and only it is explained. */
export function judgeTests(suites: TestSuite[], input: GateInput): Verdict {
  const verdicts = suites.map(suite =>
    suite === 'performance'
      ? judgePerformance(input)
      : judgeSuite(suite, input),
  );
  const outcome = worst(verdicts.map(v => v.outcome));
  const decisive = verdicts.filter(v => v.outcome === outcome);
  const observed = decisive.filter(v => v.observed !== null);
  return {
    ...decisive[0],
    reason: decisive.map(v => v.reason).join('; '),
    ...joined(observed.length > 0 ? observed : decisive.slice(0, 1)),
  };
}

/** The basis of several verdicts: all values and sources, and the time of the oldest. */
function joined(verdicts: Verdict[]): Basis {
  const texts = (key: 'observed' | 'source') => {
    const known = verdicts.flatMap(v => v[key] ?? []);
    return known.length > 0 ? known.join('; ') : null;
  };
  return {
    observed: texts('observed'),
    observedAt: earliest(verdicts.map(v => v.observedAt)),
    source: texts('source'),
    runId: verdicts[0].runId,
  };
}

function judgeSuite(
  suite: 'unit' | 'integration' | 'behaviour',
  input: GateInput,
): Verdict {
  const found = input.evidence.find(
    (e): e is EvidenceOf<'tests'> => e.kind === 'tests' && e.suite === suite,
  );
  if (!found) {
    return unknown(
      `${suite}: no result is known`,
      nothingObserved(input),
      'rerun',
    );
  }
  const basis = fromEvidence(
    input,
    found,
    `${suite} ${found.status}: ${found.passed} passed, ${found.failed} failed`,
  );
  if (found.status === 'unknown' || found.status === 'skipped') {
    return unknown(`${suite}: no result is known`, basis, 'rerun');
  }
  if (found.status === 'error') {
    return unknown(`${suite}: ${found.summary}`, basis, 'rerun');
  }
  if (found.status === 'fail' || found.failed > 0) {
    return fail(
      `${suite}: ${found.failed} of ${found.failed + found.passed} failed`,
      basis,
    );
  }
  return found.passed === 0
    ? unknown(`${suite}: no test ran`, basis, 'rerun')
    : pass(`${suite}: ${found.passed} passed`, basis);
}

function judgePerformance(input: GateInput): Verdict {
  const found = evidenceOf(input.evidence, 'performance');
  if (!found) {
    return unknown(
      'performance: no result is known',
      nothingObserved(input),
      'rerun',
    );
  }
  const basis = fromEvidence(
    input,
    found,
    `performance ${found.status}${found.valid ? '' : ', invalid'}`,
  );
  if (found.status === 'fail') {
    return fail(`performance: ${found.summary}`, basis);
  }
  return found.status === 'pass' && found.valid
    ? pass(`performance: ${found.summary}`, basis)
    : unknown(`performance: ${found.summary}`, basis, 'rerun');
}

/** Judges the data validation. */
export function judgeData(input: GateInput): Verdict {
  const found = evidenceOf(input.evidence, 'data-validation');
  const reason = 'No data validation is known.';
  if (!found) return unknown(reason, nothingObserved(input), 'rerun');
  const basis = fromEvidence(input, found, found.status);
  if (found.status === 'fail') return fail(found.summary, basis);
  return found.status === 'pass'
    ? pass(found.summary, basis)
    : unknown(reason, basis, 'rerun');
}
