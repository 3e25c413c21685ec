import { formatPushFile, parsePushFile } from './pushFile';

const commit = 'a'.repeat(40);
const zero = '0'.repeat(40);

describe('parsePushFile', () => {
  it('reads what the hook writes', () => {
    expect(
      parsePushFile(
        [
          `ref ${zero} ${commit} refs/heads/main`,
          `ref ${commit} ${zero} refs/heads/gone`,
          `ref ${zero} ${commit} refs/tags/v1`,
          'option slipway.priority=low',
          'repository my-model',
          '',
        ].join('\n'),
      ),
    ).toEqual({
      repository: 'my-model',
      refs: [{ ref: 'refs/heads/main', commit }],
      priority: 'low',
    });
  });

  it('reads no further than the repository: the rest is of what the hook wrote first', () => {
    const ref = `ref ${zero} ${commit} refs/heads/`;
    expect(
      parsePushFile(`${ref}main\nrepository my-model\n${ref}refused\n`)?.refs,
    ).toEqual([{ ref: 'refs/heads/main', commit }]);
  });

  it('reads what it formats', () => {
    const push = {
      repository: 'my-model',
      refs: [{ ref: 'refs/heads/main', commit }],
      priority: 'normal' as const,
    };
    expect(parsePushFile(formatPushFile(push))).toEqual(push);
  });

  it.each(['', 'nonsense', `ref ${zero} $(rm) refs/heads/main`])(
    'makes nothing of %j',
    text => {
      expect(parsePushFile(text)?.refs ?? []).toEqual([]);
    },
  );
});
