import { checkInputs, inferRequest } from './inference';

const signature = {
  inputs: [
    { name: 'mass', datatype: 'FP64', shape: [-1], min: 10, max: 20 },
    {
      name: 'island',
      datatype: 'BYTES',
      shape: [-1],
      categories: ['Biscoe', 'Dream'],
    },
    { name: 'year', datatype: 'INT64', shape: [-1], optional: true },
  ],
  outputs: [],
};
const row = { mass: 15, island: 'Dream' };

describe('inputs of an inference', () => {
  it('leaves out an optional input that is not given', () => {
    expect(
      inferRequest(signature, row).inputs.map(i => [i.name, i.data]),
    ).toEqual([
      ['mass', [15]],
      ['island', ['Dream']],
    ]);
    expect(checkInputs(signature, row)).toEqual([]);
  });

  it.each([
    [{}, 'inputs.mass is missing.'],
    [{ ...row, mass: 'heavy' }, 'inputs.mass is "heavy"; it must be a number.'],
    [{ ...row, island: 7 }, 'inputs.island is 7; it must be a text.'],
    [{ ...row, year: 1.5 }, 'inputs.year is 1.5; it must be a whole number.'],
    [
      { ...row, wings: 2 },
      'inputs.wings is not an input of the model, which has mass, island, year.',
    ],
  ])('refuses %j, naming the field', (inputs, message) => {
    expect(() => checkInputs(signature, inputs)).toThrow(
      expect.objectContaining({ kind: 'invalid', message }),
    );
  });

  it('warns of values that the training data did not have', () => {
    expect(checkInputs(signature, { mass: 4000, island: 'Torgersen' })).toEqual(
      [
        'mass is 4000, far outside the 10 to 20 of the training data.',
        'island is "Torgersen", which the training data did not have; it had Biscoe, Dream.',
      ],
    );
    expect(checkInputs(signature, { ...row, mass: 25 })).toEqual([]);
  });
});
