import crypto from 'node:crypto';
import deliveries from '../__fixtures__/webhook_deliveries.json';
import { changesOf } from './change';
import { isSigned } from './signature';

const [recorded] = deliveries;
const request = {
  headers: Object.fromEntries(
    Object.entries(recorded.headers).map(([name, value]) => [
      name.toLocaleLowerCase(),
      value,
    ]),
  ) as Record<string, string>,
  body: Buffer.from(recorded.body),
};
const at = Number(recorded.headers['X-MLflow-Timestamp']) * 1000;
/** Signs what was recorded anew, as MLflow does. */
const signedWith = (secret: string, timestamp = String(at / 1000)) => ({
  body: request.body,
  headers: {
    ...request.headers,
    'x-mlflow-timestamp': timestamp,
    'x-mlflow-signature': `v1,${crypto
      .createHmac('sha256', secret)
      .update(
        `${request.headers['x-mlflow-delivery-id']}.${timestamp}.${request.body}`,
      )
      .digest('base64')}`,
  },
});

describe('a delivery', () => {
  it('of a real server is believed with the secret that its webhook was made with', () => {
    expect(isSigned(request, ['s3cret'], at)).toBe(true);
    expect(isSigned(request, ['another', 's3cret'], at)).toBe(true);
    expect(isSigned(request, ['another'], at)).toBe(false);
    expect(isSigned(request, [], at)).toBe(false);
  });

  it('is believed for five minutes', () => {
    expect(isSigned(request, ['s3cret'], at + 299_000)).toBe(true);
    expect(isSigned(request, ['s3cret'], at + 301_000)).toBe(false);
    expect(isSigned(request, ['s3cret'], at - 301_000)).toBe(false);
  });

  it('is not believed with a byte changed', () => {
    const body = Buffer.from(recorded.body.replace('"1"', '"2"'));
    expect(isSigned({ ...request, body }, ['s3cret'], at)).toBe(false);
  });

  it.each(['x-mlflow-delivery-id', 'x-mlflow-timestamp', 'x-mlflow-signature'])(
    'is not believed without %s, or with two',
    name => {
      for (const value of [undefined, '', ['a', 'b']]) {
        const headers = { ...request.headers, [name]: value };
        expect(isSigned({ ...request, headers }, ['s3cret'], at)).toBe(false);
      }
    },
  );

  it('is not believed at a time that is none, however it is signed', () => {
    for (const timestamp of ['NaN', 'Infinity', '1e99', '-1']) {
      expect(isSigned(signedWith('s', timestamp), ['s'], at)).toBe(false);
    }
    expect(isSigned(signedWith('s'), ['s'], at)).toBe(true);
  });
});

describe('what a delivery says', () => {
  it('is that a model, or the versions of one, are due', () => {
    expect(
      deliveries
        .map(({ body }) => changesOf(JSON.parse(body), ['mlflow']))
        .slice(0, 2),
    ).toEqual([
      [
        {
          provider: 'mlflow',
          model: null,
          subject: 'example_model',
          what: 'versions',
        },
      ],
      [{ provider: 'mlflow', model: null, what: 'models' }],
    ]);
  });

  it('is nothing where it is about something else', () => {
    for (const payload of [
      null,
      'x',
      {},
      { entity: 'prompt', data: { name: 'a' } },
      { entity: 'model_version', data: {} },
    ]) {
      expect(changesOf(payload, ['mlflow'])).toEqual([]);
    }
  });
});
