import type { ModelDeliveryApi } from '../../api/modelDeliveryApi';
import { checkName } from './checkName';

const answering = (call: () => Promise<unknown>) =>
  ({ call }) as unknown as ModelDeliveryApi;

describe('checkName', () => {
  it.each([
    [
      { free: true, reason: null },
      {
        state: 'good',
        sentence: 'Available. The entity will be mlmodel:default/house-rent.',
      },
    ],
    [
      { free: false, reason: 'house-rent exists.' },
      { state: 'refused', sentence: 'house-rent exists.' },
    ],
    [
      { free: false, reason: null },
      { state: 'refused', sentence: 'The name is taken.' },
    ],
  ])('reads %j', async (answer, known) => {
    expect(
      await checkName(
        answering(async () => answer),
        'house-rent',
      ),
    ).toEqual(known);
  });

  it('does not take a question that failed for a yes', async () => {
    const known = await checkName(
      answering(async () => {
        throw new Error('no network');
      }),
      'house-rent',
    );
    expect(known).toEqual({
      state: 'unknown',
      sentence: expect.stringContaining('no network'),
    });
  });
});
