import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

export interface Certificates {
  /** Files in PEM. */
  ca: string;
  cert: string;
  key: string;
}

/**
 * An authority of its own, and a certificate by it for one address.
 *
 * @param address - an IP address; no other one and no name is certified.
 */
export async function makeCertificates(
  folder: string,
  address: string,
): Promise<Certificates> {
  const file = (name: string) => path.join(folder, name);
  const request = (...args: string[]) =>
    run('openssl', [
      'req',
      '-x509',
      '-noenc',
      '-days',
      '1',
      ...NEW_KEY,
      ...args,
    ]);
  await request(
    ...['-subj', '/CN=Authority of a test'],
    ...['-keyout', file('ca.key'), '-out', file('ca.pem')],
  );
  await request(
    ...['-subj', '/CN=prometheus', '-addext', `subjectAltName=IP:${address}`],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-CA', file('ca.pem'), '-CAkey', file('ca.key')],
    ...['-keyout', file('server.key'), '-out', file('server.pem')],
  );
  return {
    ca: file('ca.pem'),
    cert: file('server.pem'),
    key: file('server.key'),
  };
}
