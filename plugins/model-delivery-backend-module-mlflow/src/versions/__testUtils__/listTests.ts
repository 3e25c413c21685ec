import { failure } from '../../__testUtils__/failure';
import { context, modelTarget } from '../../__testUtils__/providers';
import type { Registry } from '../../__testUtils__/Registry';

export function listTests(registry: Registry): void {
  describe('which versions there are', () => {
    beforeAll(async () => {
      await registry.seed.model('lone');
      await registry.seed.version('lone');
    });

    it.each([
      "it's",
      'say "hi"',
      `both ' and " quotes`,
      'émoji 🐧 of 50% _',
      "a' OR name != 'b",
      'back\\slash',
    ])('finds the versions of %s and of no other', async name => {
      await registry.seed.model(name);
      await registry.seed.version(name);
      await registry.seed.version(name);
      expect((await registry.versions(name)).map(v => v.version)).toEqual([
        '2',
        '1',
      ]);
      const first = await registry.provider.listVersions(
        modelTarget(name),
        { limit: 1 },
        context,
      );
      const second = await registry.provider.listVersions(
        modelTarget(name),
        { limit: 1, cursor: first.nextCursor },
        context,
      );
      expect(second.items.map(v => v.version)).toEqual(['1']);
    });

    it('tells names apart that a pattern cannot', async () => {
      const name = `one'of"two`;
      const other = `one-of"two`;
      await registry.seed.model(name);
      await registry.seed.model(other);
      for (let i = 0; i < 4; i += 1) await registry.seed.version(other);
      await registry.seed.version(name);
      expect(await registry.versions(name)).toHaveLength(1);
    });

    it('neither skips nor repeats any when some are registered meanwhile', async () => {
      await registry.seed.model('busy');
      for (let i = 0; i < 6; i += 1) await registry.seed.version('busy');
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await registry.provider.listVersions(
          modelTarget('busy'),
          { limit: 2, cursor },
          context,
        );
        seen.push(...page.items.map(v => v.version));
        cursor = page.nextCursor;
        await registry.seed.version('busy');
      } while (cursor);
      expect(seen).toEqual(['6', '5', '4', '3', '2', '1']);
    });

    it('says that a deleted or renamed model, and a deleted version, are missing', async () => {
      await registry.seed.model('short-lived');
      await registry.seed.version('short-lived');
      await registry.seed.version('short-lived');
      await registry.seed.post(
        'model-versions/delete',
        { name: 'short-lived', version: '2' },
        'DELETE',
      );
      expect((await failure(registry.version('short-lived', '2'))).kind).toBe(
        'not-found',
      );
      expect(
        (await registry.versions('short-lived')).map(v => v.version),
      ).toEqual(['1']);
      await registry.seed.post('registered-models/rename', {
        name: 'short-lived',
        new_name: 'long-lived',
      });
      expect((await failure(registry.versions('short-lived'))).kind).toBe(
        'not-found',
      );
      expect(await registry.versions('long-lived')).toHaveLength(1);
      await registry.seed.post(
        'registered-models/delete',
        { name: 'long-lived' },
        'DELETE',
      );
      expect((await failure(registry.versions('long-lived'))).kind).toBe(
        'not-found',
      );
    });

    it.each(['abc', '0', '02', '99999999999999999999', '../1', '-1'])(
      'has no version %s',
      async version => {
        expect(await failure(registry.version('lone', version))).toMatchObject({
          kind: 'not-found',
        });
      },
    );
  });
}
