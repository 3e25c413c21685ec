import type {
  Signature,
  SignatureField,
} from '@slipway/plugin-model-delivery-common/schema';
import { fromEvidence, nothingObserved } from './basis';
import { comparedWith } from './comparedWith';
import { evidenceOf } from './evidenceOf';
import type { GateInput } from './gateInput';
import { listed } from './listed';
import { fail, pass, unknown, type Verdict } from './verdict';

/**
 * What a change of signature means for a caller of the older version: nothing changes, more is
 * possible, or a call that worked fails or is answered otherwise.
 */
export interface SignatureVerdict {
  verdict: 'compatible' | 'widened' | 'breaking';
  /** One phrase for each change, the breaking ones first. */
  changes: string[];
}

/** The datatypes of the Open Inference Protocol that hold every value of another one. */
const WIDER: Record<string, string[]> = {
  INT8: ['INT16', 'INT32', 'INT64', 'FP32', 'FP64'],
  INT16: ['INT32', 'INT64', 'FP32', 'FP64'],
  INT32: ['INT64', 'FP64'],
  UINT8: [
    'UINT16',
    'UINT32',
    'UINT64',
    'INT16',
    'INT32',
    'INT64',
    'FP32',
    'FP64',
  ],
  UINT16: ['UINT32', 'UINT64', 'INT32', 'INT64', 'FP32', 'FP64'],
  UINT32: ['UINT64', 'INT64', 'FP64'],
  FP16: ['FP32', 'FP64'],
  FP32: ['FP64'],
};

type Change = { breaks: boolean; text: string };

/** Compares what callers send, where more may be accepted, and what they receive. */
export function compareSignatures(
  before: Signature,
  after: Signature,
): SignatureVerdict {
  const changes = [
    ...changesOf('input', before.inputs, after.inputs, inputChanges),
    ...changesOf('output', before.outputs, after.outputs, outputChanges),
  ].sort((a, b) => Number(b.breaks) - Number(a.breaks));
  const widened = changes.length > 0 ? 'widened' : 'compatible';
  return {
    verdict: changes.some(change => change.breaks) ? 'breaking' : widened,
    changes: changes.map(change => change.text),
  };
}

/** Judges the signature of a version against that of the live one, whose callers stay. */
export function judgeSignature(input: GateInput): Verdict {
  const compared = comparedWith(input, 'nobody calls it');
  if ('verdict' in compared) return compared.verdict;
  const { live } = compared;
  const { version } = input;
  const after = evidenceOf(input.evidence, 'signature');
  if (!after) {
    return unknown(
      `The signature of ${version.version} is not known.`,
      nothingObserved(input),
    );
  }
  const before = evidenceOf(live.evidence, 'signature');
  if (!before) {
    return unknown(
      `The signature of ${live.version}, which is live, is not known.`,
      fromEvidence(input, after, null),
    );
  }
  const { verdict, changes } = compareSignatures(
    before.signature,
    after.signature,
  );
  const basis = fromEvidence(input, after, [verdict, ...changes].join(', '));
  const told = `${listed(changes)}, against ${live.version}`;
  if (verdict === 'breaking') return fail(`Breaks callers: ${told}`, basis);
  return verdict === 'widened'
    ? pass(`Accepts or returns more: ${told}`, basis)
    : pass(`The same signature as ${live.version}`, basis);
}

function changesOf(
  role: 'input' | 'output',
  before: SignatureField[],
  after: SignatureField[],
  compare: (was: SignatureField, is: SignatureField) => Change[],
): Change[] {
  const changes: Change[] = [];
  const told = (breaks: boolean, text: string) =>
    changes.push({ breaks, text: `${role} ${text}` });
  for (const was of before) {
    const is = after.find(field => field.name === was.name);
    if (!is) told(true, `${was.name} is gone`);
    else for (const { breaks, text } of compare(was, is)) told(breaks, text);
  }
  for (const is of after) {
    if (before.some(field => field.name === is.name)) continue;
    const isRequired = role === 'input' && !is.optional;
    told(isRequired, `${is.name} is new${isRequired ? ' and required' : ''}`);
  }
  return changes;
}

function inputChanges(was: SignatureField, is: SignatureField): Change[] {
  return [
    ...typeChange(was, is, WIDER[was.datatype]?.includes(is.datatype) ?? false),
    ...shapeChange(was, is, isWiderShape(was.shape, is.shape)),
    ...unitChange(was, is),
    ...optionalChange(was, is),
    ...inputValues(was, is),
  ];
}

function outputChanges(was: SignatureField, is: SignatureField): Change[] {
  return [
    ...typeChange(was, is, false),
    ...shapeChange(was, is, false),
    ...unitChange(was, is),
    ...(!was.optional && is.optional
      ? [{ breaks: true, text: `${was.name} may be missing` }]
      : []),
    ...(was.categories ? moreValues(was.categories, is) : []),
  ];
}

function optionalChange(was: SignatureField, is: SignatureField): Change[] {
  if (Boolean(was.optional) === Boolean(is.optional)) return [];
  return is.optional
    ? [{ breaks: false, text: `${was.name} is optional now` }]
    : [{ breaks: true, text: `${was.name} is required now` }];
}

/** A caller may send every value that the older version listed, or any where it listed none. */
function inputValues(was: SignatureField, is: SignatureField): Change[] {
  const { name, categories } = was;
  if (!is.categories) return categories ? moreValues(categories, is) : [];
  if (!categories) {
    return [{ breaks: true, text: `${name} is only ${listed(is.categories)}` }];
  }
  const gone = categories.filter(value => !is.categories?.includes(value));
  return [
    ...(gone.length > 0
      ? [{ breaks: true, text: `${name} is no longer ${listed(gone)}` }]
      : []),
    ...moreValues(categories, is),
  ];
}

function moreValues(known: string[], is: SignatureField): Change[] {
  if (!is.categories) {
    return [{ breaks: false, text: `${is.name} may be any value` }];
  }
  const more = is.categories.filter(value => !known.includes(value));
  return more.length > 0
    ? [{ breaks: false, text: `${is.name} may be ${listed(more)}` }]
    : [];
}

function typeChange(
  was: SignatureField,
  is: SignatureField,
  isWider: boolean,
): Change[] {
  if (was.datatype === is.datatype) return [];
  const text = `${was.name} is ${is.datatype} instead of ${was.datatype}`;
  return [{ breaks: !isWider, text }];
}

function shapeChange(
  was: SignatureField,
  is: SignatureField,
  isWider: boolean,
): Change[] {
  const [before, after] = [was.shape, is.shape].map(s => `[${s.join(', ')}]`);
  if (before === after) return [];
  const text = `${was.name} has the shape ${after} instead of ${before}`;
  return [{ breaks: !isWider, text }];
}

/** A number in another unit is accepted, and wrong. */
function unitChange(was: SignatureField, is: SignatureField): Change[] {
  const [before, after] = [was.unit ?? null, is.unit ?? null];
  if (before === after || before === null || after === null) return [];
  const text = `${was.name} is in ${after} instead of ${before}`;
  return [{ breaks: true, text }];
}

/** Whether every shape that was accepted is accepted still; −1 stands for any length. */
function isWiderShape(was: number[], is: number[]): boolean {
  return (
    was.length === is.length &&
    is.every((length, index) => length === -1 || length === was[index])
  );
}
