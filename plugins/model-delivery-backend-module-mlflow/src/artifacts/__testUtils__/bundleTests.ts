import { archiveOf, filesOf, readAll } from '../../__testUtils__/bytes';
import { failure } from '../../__testUtils__/failure';
import { context, modelTarget } from '../../__testUtils__/providers';
import type { Registry } from '../../__testUtils__/Registry';
import { manifestOf, sha256 } from '../../__testUtils__/Seed';

export function bundleTests(registry: Registry): void {
  describe('bundles', () => {
    const files = {
      'model/model.bin': 'the model',
      'model/signature.json': JSON.stringify({
        inputs: [{ name: 'x', datatype: 'FP64', shape: [-1] }],
        outputs: [],
      }),
      'requirements.lock': '',
    };
    const whole = { ...files, 'manifest.json': manifestOf(files) };
    const digest = sha256(manifestOf(files));
    const model = modelTarget('bundled');
    beforeAll(() => registry.seed.model('bundled'));

    const versionWith = async (
      upload: (artifacts: string) => Promise<unknown>,
      tag: string | null = digest,
    ) => {
      const run = await registry.seed.run();
      await upload(run.artifacts);
      return await registry.seed.version('bundled', {
        runId: run.id,
        tags: tag ? { 'slipway.digest': tag } : {},
      });
    };
    const open = async (version: string) =>
      await filesOf(
        await readAll(
          (await registry.provider.openBundle(model, version, context)).stream,
        ),
      );

    it.each([
      ['a folder', (a: string) => registry.seed.bundle(a, files)],
      [
        'an archive beside the others',
        async (a: string) =>
          registry.seed.upload(`${a}/model.tar.gz`, await archiveOf(whole)),
      ],
      [
        'an archive of the configured name',
        async (a: string) =>
          registry.seed.upload(`${a}/bundle.tar.gz`, await archiveOf(whole)),
      ],
      [
        'an archive in the folder',
        async (a: string) =>
          registry.seed.upload(
            `${a}/bundle/model.tar.gz`,
            await archiveOf(whole),
          ),
      ],
      [
        "the version's own folder",
        (a: string) => registry.seed.bundle(a, files, 'model'),
      ],
    ])('are found as %s', async (_, upload) => {
      const version = await versionWith(upload as never);
      expect(await registry.provider.hasBundle(model, version, context)).toBe(
        true,
      );
      expect(await open(version)).toEqual(whole);
    });

    it('are the same bytes each time they are packed', async () => {
      const version = await versionWith(a => registry.seed.bundle(a, files));
      const read = async () =>
        sha256(
          await readAll(
            (await registry.provider.openBundle(model, version, context))
              .stream,
          ),
        );
      expect(await read()).toBe(await read());
    });

    it('are missing where there is none', async () => {
      const version = await versionWith(async () => undefined);
      expect(await registry.provider.hasBundle(model, version, context)).toBe(
        false,
      );
      expect(
        await failure(registry.provider.openBundle(model, version, context)),
      ).toMatchObject({
        kind: 'not-found',
        message: expect.stringContaining('bundle.tar.gz'),
      });
    });

    it.each([
      [
        'another manifest than was registered',
        /manifest has the digest/,
        async (a: string) =>
          registry.seed.bundle(a, { ...files, 'requirements.lock': 'numpy' }),
      ],
      [
        'a file that is not named',
        /is not in its manifest/,
        async (a: string) => {
          await registry.seed.bundle(a, files);
          await registry.seed.upload(`${a}/bundle/extra.py`, 'x');
        },
      ],
      [
        'another file than is named',
        /model\.bin differs from/,
        async (a: string) =>
          registry.seed.upload(
            `${a}/model.tar.gz`,
            await archiveOf({ ...whole, 'model/model.bin': 'another' }),
          ),
      ],
      [
        'no manifest',
        /has no manifest\.json/,
        async (a: string) =>
          registry.seed.upload(`${a}/bundle/model/model.bin`, 'the model'),
      ],
      [
        'bytes that are no archive',
        /cannot be used/,
        async (a: string) =>
          registry.seed.upload(`${a}/model.tar.gz`, 'no archive'),
      ],
    ])('are refused with %s', async (_, message, upload) => {
      const version = await versionWith(upload);
      expect(await failure(open(version))).toMatchObject({
        name: 'ProviderError',
        kind: 'bad-data',
        message: expect.stringMatching(message),
      });
    });

    it('are handed out as they are where nothing was registered of them', async () => {
      const version = await versionWith(
        a => registry.seed.upload(`${a}/bundle/model.bin`, 'a model'),
        null,
      );
      expect(await open(version)).toEqual({ 'model.bin': 'a model' });
    });

    it('are not fetched from elsewhere, which is said with its fix', async () => {
      await registry.seed.model('elsewhere');
      await registry.seed.version('elsewhere');
      const target = modelTarget('elsewhere');
      expect(await registry.provider.hasBundle(target, '1', context)).toBe(
        false,
      );
      const error = await failure(
        registry.provider.openBundle(target, '1', context),
      );
      expect(error).toMatchObject({
        kind: 'unsupported',
        message: expect.stringMatching(/kept at s3:.*--serve-artifacts/),
      });
      expect(error.message).not.toContain('bucket');
      expect(
        await registry.provider.getSignature(target, '1', context),
      ).toBeNull();
    });

    it('end with an abort', async () => {
      const version = await versionWith(a => registry.seed.bundle(a, files));
      const controller = new AbortController();
      const { stream } = await registry.provider.openBundle(model, version, {
        signal: controller.signal,
      });
      controller.abort();
      await expect(readAll(stream)).rejects.toBeDefined();
    });

    it('declare the signature of a bundle before that of the model', async () => {
      const version = await versionWith(a => registry.seed.bundle(a, files));
      expect(
        await registry.provider.getSignature(model, version, context),
      ).toMatchObject({ inputs: [{ name: 'x' }] });
    });
  });
}
