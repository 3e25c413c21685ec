import crypto from 'node:crypto';
import path from 'node:path';

/** The files of one deployment: its bundle as it came, unpacked, and what its server printed. */
export class DeploymentFolder {
  readonly root: string;
  readonly archive: string;
  readonly bundle: string;

  constructor(serving: string, environmentKey: string, deploymentId: string) {
    const safe = /^[A-Za-z0-9_-]{1,64}$/.test(deploymentId)
      ? deploymentId
      : crypto.createHash('sha256').update(deploymentId).digest('hex');
    this.root = path.join(serving, ...environmentKey.split('/'), safe);
    this.archive = path.join(this.root, 'model.tar.gz');
    this.bundle = path.join(this.root, 'bundle');
  }
}
