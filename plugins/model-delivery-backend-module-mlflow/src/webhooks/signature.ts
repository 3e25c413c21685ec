import crypto from 'node:crypto';

/** How far the sender's clock may be off, and how long a delivery stays good, in seconds. */
const WINDOW_SECONDS = 300;

type Headers = Record<string, string | string[] | undefined>;

/**
 * Whether a delivery was signed by MLflow with one of the secrets, not long ago.
 *
 * @param headers - names in lower case.
 * @param now - milliseconds.
 */
export function isSigned(
  { headers, body }: { headers: Headers; body: Buffer },
  secrets: readonly string[],
  now = Date.now(),
): boolean {
  const deliveryId = headers['x-mlflow-delivery-id'];
  const timestamp = headers['x-mlflow-timestamp'];
  const given = headers['x-mlflow-signature'];
  if (
    typeof deliveryId !== 'string' ||
    typeof timestamp !== 'string' ||
    typeof given !== 'string' ||
    !/^\d{1,12}$/.test(timestamp) ||
    Math.abs(now / 1000 - Number(timestamp)) > WINDOW_SECONDS
  ) {
    return false;
  }
  const signed = Buffer.concat([
    Buffer.from(`${deliveryId}.${timestamp}.`),
    body,
  ]);
  // Each is compared, whichever fits: how long it takes tells nothing.
  return secrets
    .map(secret =>
      equal(
        given,
        `v1,${crypto.createHmac('sha256', secret).update(signed).digest('base64')}`,
      ),
    )
    .includes(true);
}

function equal(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && crypto.timingSafeEqual(a, b);
}
