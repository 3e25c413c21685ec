import { NotFoundError } from '@backstage/errors';
import { onceInCatalog } from './onceInCatalog';

describe('a sign-in before the catalog is filled', () => {
  it('succeeds as soon as the user is there', async () => {
    let asked = 0;
    const token = await onceInCatalog(async () => {
      asked += 1;
      if (asked < 3) throw new NotFoundError('User not found');
      return 'token';
    }, 0);
    expect([token, asked]).toEqual(['token', 3]);
  });

  it('fails where the user never appears, and at once for any other reason', async () => {
    const missing = jest.fn().mockRejectedValue(new NotFoundError('No user'));
    await expect(onceInCatalog(missing, 0)).rejects.toThrow('No user');
    expect(missing.mock.calls.length).toBeGreaterThan(10);
    const broken = jest.fn().mockRejectedValue(new Error('down'));
    await expect(onceInCatalog(broken, 0)).rejects.toThrow('down');
    expect(broken).toHaveBeenCalledTimes(1);
  });
});
