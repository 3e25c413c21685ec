import { signatureOf } from './signature';

const file = (inputs: unknown, outputs: unknown = null) =>
  JSON.stringify({
    signature: {
      inputs: inputs && JSON.stringify(inputs),
      outputs: outputs && JSON.stringify(outputs),
      params: null,
    },
  });

describe('the signature of an MLmodel file', () => {
  it('has the datatypes of the inference protocol', () => {
    const types = {
      boolean: 'BOOL',
      integer: 'INT32',
      long: 'INT64',
      float: 'FP32',
      double: 'FP64',
      string: 'BYTES',
      binary: 'BYTES',
      datetime: 'BYTES',
      'something new': 'BYTES',
    };
    const found = signatureOf(
      file(Object.keys(types).map(type => ({ type, name: type }))),
    );
    expect(
      Object.fromEntries(found!.inputs.map(f => [f.name, f.datatype])),
    ).toEqual(types);
    expect(found!.outputs).toEqual([]);
  });

  it('names tensors that have no name', () => {
    const tensor = {
      type: 'tensor',
      'tensor-spec': { dtype: 'float32', shape: [-1, 28, 28] },
    };
    expect(signatureOf(file([tensor], [tensor, tensor]))).toEqual({
      inputs: [
        {
          name: 'input',
          datatype: 'FP32',
          shape: [-1, 28, 28],
          kind: 'numeric',
        },
      ],
      outputs: [
        expect.objectContaining({ name: 'output' }),
        expect.objectContaining({ name: 'output-1' }),
      ],
    });
  });

  it('is none where none is declared', () => {
    expect(signatureOf('flavors: {}')).toBeNull();
    expect(signatureOf('signature: null')).toBeNull();
  });

  it.each([
    'signature: [',
    'just a text',
    'signature: { inputs: "not JSON" }',
    'signature: { inputs: "{}" }',
    `a: &a [1]\nb: [${'*a,'.repeat(50)}*a]`,
  ])('is refused where it does not hold: %#', text => {
    expect(() => signatureOf(text)).toThrow(
      expect.objectContaining({ kind: 'bad-data' }),
    );
  });
});
