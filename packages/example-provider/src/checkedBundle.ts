import crypto from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { errorOfFailure } from '@slipway/plugin-model-delivery-node/http';

/** The same bytes; it ends in an error where they are not those that were registered. */
export function checkedBundle(
  source: Readable,
  sha256: string,
  host: string,
): Readable {
  const hash = crypto.createHash('sha256');
  const checked = new Transform({
    transform(chunk, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const found = hash.digest('hex');
      if (found === sha256) done();
      else {
        const reason = `its sha256 is ${found}, ${sha256} was registered`;
        done(
          new ProviderError(
            'bad-data',
            `The bundle is not the one that was registered: ${reason}.`,
          ),
        );
      }
    },
  });
  // Who reads hears of it; who has not begun to read must not bring the process down.
  checked.on('error', () => undefined);
  checked.once('close', () => source.destroy());
  source.on('error', cause =>
    checked.destroy(errorOfFailure('Shelf', host, cause)),
  );
  return source.pipe(checked);
}
