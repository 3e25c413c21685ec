import { readExchange } from './readExchange';

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const asked = json({
  inputs: [
    { name: 'x', datatype: 'FP64', shape: [2], data: [1, null] },
    { name: 'colour', datatype: 'BYTES', shape: [2], data: ['red', 'blue'] },
  ],
});
const answered = (more: object = {}) =>
  json({
    id: 'p-1',
    model_version: '0.1.0',
    outputs: [
      { name: 'side', datatype: 'BYTES', shape: [2], data: ['a', 'b'] },
      { name: 'probabilities', datatype: 'FP64', data: [1, 0, 0, 1] },
    ],
    ...more,
  });

describe('readExchange', () => {
  it('has an answer for each row of the first output, and the inputs by column', () => {
    expect(readExchange(asked, answered())).toEqual({
      id: 'p-1',
      version: '0.1.0',
      answers: ['a', 'b'],
      inputs: { x: [1, null], colour: ['red', 'blue'] },
    });
  });

  it('takes truth values for classes', () => {
    const outputs = [{ name: 'sold', datatype: 'BOOL', data: [true] }];
    expect(readExchange(asked, answered({ outputs }))?.answers).toEqual([
      'true',
    ]);
  });

  it('keeps no inputs of a request that is too large or that it cannot read', () => {
    const large = json({
      inputs: [{ name: 'x', data: ['y'.repeat(100_000)] }],
    });
    for (const request of [large, Buffer.from('no JSON'), json({})]) {
      expect(readExchange(request, answered())).toMatchObject({
        id: 'p-1',
        inputs: null,
      });
    }
  });

  it('keeps nothing that no label could name', () => {
    for (const answer of [
      Buffer.from('no JSON'),
      answered({ id: undefined }),
      answered({ id: '' }),
      answered({ id: 'x'.repeat(201) }),
      answered({ outputs: [] }),
      answered({ outputs: [{ data: Array(1_001).fill(0) }] }),
      answered({ outputs: [{ data: [{ nested: true }] }] }),
    ]) {
      expect(readExchange(asked, answer)).toBeUndefined();
    }
  });
});
