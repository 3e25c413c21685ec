import type {
  EvidenceOf,
  Signature,
  SignatureField,
} from '@slipway/plugin-model-delivery-common/schema';
import fc from 'fast-check';
import { gateInput, live } from './__testUtils__/gateInput';
import { evaluateGates } from './gates';
import { compareSignatures } from './signature';

const field = (
  name: string,
  overrides: Partial<SignatureField> = {},
): SignatureField => ({ name, datatype: 'FP32', shape: [-1], ...overrides });
const before: Signature = {
  inputs: [
    field('mass', { unit: 'g' }),
    field('island', { datatype: 'BYTES', categories: ['Biscoe', 'Dream'] }),
  ],
  outputs: [
    field('species', { datatype: 'BYTES', categories: ['Adelie', 'Gentoo'] }),
    field('score'),
  ],
};
const change = (
  role: 'inputs' | 'outputs',
  index: number,
  overrides: Partial<SignatureField>,
): Signature => ({
  ...before,
  [role]: before[role].map((of, i) =>
    i === index ? { ...of, ...overrides } : of,
  ),
});

describe('the comparison of two signatures', () => {
  it('finds no change in the same one, whatever its order', () => {
    expect(compareSignatures(before, before)).toEqual({
      verdict: 'compatible',
      changes: [],
    });
    const turned = {
      inputs: [...before.inputs].reverse(),
      outputs: [...before.outputs].reverse(),
    };
    expect(compareSignatures(before, turned).verdict).toBe('compatible');
  });

  it.each<[string, Signature, string]>([
    [
      'a required input is new',
      { ...before, inputs: [...before.inputs, field('age')] },
      'input age is new and required',
    ],
    [
      'an input is gone',
      { ...before, inputs: before.inputs.slice(1) },
      'input mass is gone',
    ],
    [
      'an output is gone',
      { ...before, outputs: before.outputs.slice(1) },
      'output species is gone',
    ],
    [
      'an input is of a narrower type',
      change('inputs', 0, { datatype: 'FP16' }),
      'input mass is FP16 instead of FP32',
    ],
    [
      'an output is of another type, although it is wider',
      change('outputs', 1, { datatype: 'FP64' }),
      'output score is FP64 instead of FP32',
    ],
    [
      'an input has another shape',
      change('inputs', 0, { shape: [-1, 4] }),
      'input mass has the shape [-1, 4] instead of [-1]',
    ],
    [
      'an input accepts one length only',
      change('inputs', 0, { shape: [1] }),
      'input mass has the shape [1] instead of [-1]',
    ],
    [
      'an output has another shape',
      change('outputs', 1, { shape: [-1, 2] }),
      'output score has the shape [-1, 2] instead of [-1]',
    ],
    [
      'an input is in another unit',
      change('inputs', 0, { unit: 'kg' }),
      'input mass is in kg instead of g',
    ],
    [
      'an output may be missing',
      change('outputs', 1, { optional: true }),
      'output score may be missing',
    ],
    [
      'an input no longer takes a value',
      change('inputs', 1, { categories: ['Biscoe'] }),
      'input island is no longer Dream',
    ],
    [
      'an input takes listed values only',
      change('inputs', 0, { categories: ['1', '2'] }),
      'input mass is only 1, 2',
    ],
  ])('breaks callers where %s', (_, after, text) => {
    expect(compareSignatures(before, after)).toEqual({
      verdict: 'breaking',
      changes: [text],
    });
  });

  it.each<[string, Signature, string]>([
    [
      'an optional input is new',
      {
        ...before,
        inputs: [...before.inputs, field('age', { optional: true })],
      },
      'input age is new',
    ],
    [
      'an output is new',
      { ...before, outputs: [...before.outputs, field('margin')] },
      'output margin is new',
    ],
    [
      'an input is of a wider type',
      change('inputs', 0, { datatype: 'FP64' }),
      'input mass is FP64 instead of FP32',
    ],
    [
      'an input became optional',
      change('inputs', 0, { optional: true }),
      'input mass is optional now',
    ],
    [
      'an input takes more values',
      change('inputs', 1, { categories: ['Biscoe', 'Dream', 'Torgersen'] }),
      'input island may be Torgersen',
    ],
    [
      'an input takes any value',
      change('inputs', 1, { categories: undefined }),
      'input island may be any value',
    ],
    [
      'an output has more values',
      change('outputs', 0, { categories: ['Adelie', 'Gentoo', 'Chinstrap'] }),
      'output species may be Chinstrap',
    ],
    [
      'an output has any value',
      change('outputs', 0, { categories: undefined }),
      'output species may be any value',
    ],
  ])('is widened where %s', (_, after, text) => {
    expect(compareSignatures(before, after)).toEqual({
      verdict: 'widened',
      changes: [text],
    });
  });

  it.each<[string, Signature]>([
    [
      'an output has fewer values',
      change('outputs', 0, { categories: ['Adelie'] }),
    ],
    ['an output lists its values', change('outputs', 1, { categories: ['1'] })],
    ['a unit is named for the first time', change('outputs', 1, { unit: '%' })],
    ['a unit is no longer named', change('inputs', 0, { unit: null })],
    ['an example changed', change('inputs', 0, { example: 4, min: 0, max: 9 })],
  ])('is compatible where %s', (_, after) => {
    expect(compareSignatures(before, after)).toEqual({
      verdict: 'compatible',
      changes: [],
    });
  });

  it('accepts a longer shape where any length was accepted before a fixed one', () => {
    const fixed = change('inputs', 0, { shape: [1, 4] });
    const open = change('inputs', 0, { shape: [-1, 4] });
    expect(compareSignatures(fixed, open).verdict).toBe('widened');
    expect(compareSignatures(open, fixed).verdict).toBe('breaking');
  });

  it('makes an input required again only by breaking callers', () => {
    const optional = change('inputs', 0, { optional: true });
    expect(compareSignatures(optional, before)).toEqual({
      verdict: 'breaking',
      changes: ['input mass is required now'],
    });
  });

  it('tells breaking changes first', () => {
    const after = {
      inputs: [...before.inputs, field('age', { optional: true })],
      outputs: before.outputs.slice(1),
    };
    expect(compareSignatures(before, after).changes).toEqual([
      'output species is gone',
      'input age is new',
    ]);
  });

  it('holds a type only wider than one whose every value it can hold', () => {
    const types = [
      'INT8',
      'INT32',
      'INT64',
      'UINT8',
      'FP16',
      'FP32',
      'FP64',
      'BYTES',
    ];
    const isWider = (from: string, to: string) =>
      compareSignatures(
        { inputs: [field('x', { datatype: from })], outputs: [] },
        { inputs: [field('x', { datatype: to })], outputs: [] },
      ).verdict === 'widened';
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.constantFrom(...types),
        (a, b) => !(isWider(a, b) && isWider(b, a)),
      ),
    );
    expect(types.filter(to => isWider('INT32', to))).toEqual(['INT64', 'FP64']);
    expect(types.filter(to => isWider('BYTES', to))).toEqual([]);
  });
});

const evidence = (
  signature: Signature,
  at = '2025-12-31T00:00:00.000Z',
): EvidenceOf<'signature'> => ({
  kind: 'signature',
  status: 'pass',
  summary: '',
  at,
  runId: null,
  signature,
});

describe('a signature that must not break callers', () => {
  const judged = (
    after: Signature | null,
    against: Signature | null,
    current: typeof live | null = live,
  ) =>
    evaluateGates(
      gateInput({
        gates: [{ signature: 'compatible' }],
        evidence: after ? [evidence(after)] : [],
        live: current && {
          ...current,
          evidence: against ? [evidence(against)] : [],
        },
      }),
    ).gates[0];

  it('passes the same signature and a wider one', () => {
    expect(judged(before, before)).toEqual({
      id: '0-signature',
      title: 'Signature does not break callers',
      outcome: 'pass',
      reason: 'The same signature as 0.1.0',
      observed: 'compatible',
      observedAt: '2025-12-31T00:00:00.000Z',
      source: 'signature',
      runId: 'run-2',
      remedy: 'none',
    });
    const wider = change('inputs', 0, { datatype: 'FP64' });
    expect(judged(wider, before)).toMatchObject({
      outcome: 'pass',
      reason:
        'Accepts or returns more: input mass is FP64 instead of FP32, against 0.1.0',
      observed: 'widened, input mass is FP64 instead of FP32',
    });
  });

  it('fails one that breaks callers, with the changes', () => {
    expect(
      judged({ inputs: before.inputs.slice(1), outputs: [] }, before),
    ).toMatchObject({
      outcome: 'fail',
      reason:
        'Breaks callers: input mass is gone, output species is gone, output score is gone, against 0.1.0',
    });
  });

  it('passes where no caller can be broken', () => {
    expect(judged(null, null, null)).toMatchObject({
      outcome: 'pass',
      reason: 'No version is live here yet, so nobody calls it.',
      observed: 'none',
      source: 'deployment history',
    });
    expect(judged(null, null, { ...live, version: '0.2.0' })).toMatchObject({
      outcome: 'pass',
      reason: 'This version is live.',
      observed: '0.2.0',
      observedAt: live.since,
    });
  });

  it('is unknown while either signature is', () => {
    expect(judged(null, before)).toMatchObject({
      outcome: 'unknown',
      reason: 'The signature of 0.2.0 is not known.',
      observed: null,
    });
    expect(judged(before, null)).toMatchObject({
      outcome: 'unknown',
      reason: 'The signature of 0.1.0, which is live, is not known.',
      observed: null,
      source: 'signature',
    });
  });
});
