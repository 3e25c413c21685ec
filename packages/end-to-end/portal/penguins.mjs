/** A request for the species of one bird, as a model of the penguins takes it. */
function request(bird) {
  return {
    inputs: Object.entries(bird).map(([name, value]) => ({
      name,
      datatype: typeof value === 'number' ? 'FP64' : 'BYTES',
      shape: [1],
      data: [value],
    })),
  };
}

const MALE = {
  bill_length_mm: 44,
  bill_depth_mm: 17,
  flipper_length_mm: 200,
  body_mass_g: 4000,
  sex: 'male',
};

export const PENGUIN = request(MALE);

/** Its bill is longer than any in the data. */
export const LONG_BILL_MM = 59;
export const LONG_BILLED_PENGUIN = request({
  ...MALE,
  bill_length_mm: LONG_BILL_MM,
  bill_depth_mm: 19,
});
