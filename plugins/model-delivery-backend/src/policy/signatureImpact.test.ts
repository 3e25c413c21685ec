import type { Evidence } from '@slipway/plugin-model-delivery-common/schema';
import { signatureImpact } from './signatureImpact';

const signed = (version: string, ...inputs: string[]) => ({
  version,
  evidence: [
    {
      kind: 'signature',
      status: 'pass',
      summary: '',
      at: '2026-01-01T00:00:00.000Z',
      runId: null,
      signature: {
        inputs: inputs.map(name => ({ name, datatype: 'FP32', shape: [-1] })),
        outputs: [],
      },
    } satisfies Evidence,
  ],
});
const unsigned = (version: string) => ({ version, evidence: [] });
const live = signed('0.1.0', 'mass', 'age');

describe('the impact of a signature', () => {
  it('breaks nobody where nothing is live, or this version is', () => {
    expect(signatureImpact(unsigned('0.2.0'), null)).toEqual({
      verdict: 'compatible',
      summary: 'No version is live here yet, so nobody calls it.',
      changes: [],
    });
    expect(signatureImpact(unsigned('0.1.0'), live)).toEqual({
      verdict: 'compatible',
      summary: '0.1.0 is live already.',
      changes: [],
    });
  });

  it('is unknown while a signature is, and names the version', () => {
    const summary = (of: string) => ({
      verdict: 'unknown',
      summary: `The signature of ${of} is not known.`,
      changes: [],
    });
    expect(signatureImpact(unsigned('0.2.0'), live)).toEqual(summary('0.2.0'));
    expect(signatureImpact(signed('0.2.0', 'mass'), unsigned('0.1.0'))).toEqual(
      summary('0.1.0'),
    );
    expect(signatureImpact(unsigned('0.2.0'), unsigned('0.1.0'))).toEqual(
      summary('0.2.0'),
    );
  });

  it('tells what changes for callers', () => {
    expect(signatureImpact(signed('0.2.0', 'mass', 'age'), live)).toEqual({
      verdict: 'compatible',
      summary: 'The signature is the same as that of 0.1.0.',
      changes: [],
    });
    expect(signatureImpact(signed('0.2.0', 'mass'), live)).toEqual({
      verdict: 'breaking',
      summary: 'Breaks callers of 0.1.0: input age is gone.',
      changes: ['input age is gone'],
    });
    const wider = signed('0.2.0', 'mass', 'age');
    wider.evidence[0].signature.inputs[0].datatype = 'FP64';
    expect(signatureImpact(wider, live)).toEqual({
      verdict: 'widened',
      summary:
        'Callers of 0.1.0 can go on: input mass is FP64 instead of FP32.',
      changes: ['input mass is FP64 instead of FP32'],
    });
  });
});
