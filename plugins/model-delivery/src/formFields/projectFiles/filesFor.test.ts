import { filesFor } from './filesFor';

describe('filesFor', () => {
  const files = [
    { path: 'src/<package>/train.py', about: 'training' },
    { path: 'requirements.lock', when: { framework: ['scikit-learn'] } },
    { path: 'Makefile' },
  ];
  const paths = (answers: Record<string, unknown>) =>
    filesFor(files, answers).map(file => file.path);

  it('names the package after the model', () => {
    expect(paths({ name: 'house-rent', framework: 'python-stdlib' })).toEqual([
      'Makefile',
      'src/house_rent/train.py',
    ]);
  });

  it('lists what only some answers make', () => {
    expect(paths({ name: 'x', framework: 'scikit-learn' })).toContain(
      'requirements.lock',
    );
  });
});
