import { rangeUrl } from './rangeUrl';

const [FROM, TO] = ['8be04d7aa0', '3f2a9c1bb1'];

describe('rangeUrl', () => {
  it('puts two commits into what the code host told', () => {
    expect(
      rangeUrl('https://github.com/acme/x/compare/{from}...{to}', FROM, TO),
    ).toBe('https://github.com/acme/x/compare/8be04d7aa0...3f2a9c1bb1');
  });

  it.each([
    [null, FROM],
    // eslint-disable-next-line no-script-url
    ['javascript:alert(1)//{from}{to}', FROM],
    ['https://github.com/acme/x/compare/{from}...{to}', '../../evil'],
  ])('is no link for %s and %s', (template, from) => {
    expect(rangeUrl(template, from, TO)).toBeNull();
  });
});
