import type {
  BackstageCredentials,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import type { Decider } from '../policy/approvals';

/** Finds out what a decision needs to know of the person who calls. */
export class Callers {
  readonly #userInfo: UserInfoService;
  readonly #emailOf: (userRef: string) => Promise<string | null>;

  /** @param emailOf - the e-mail address of a catalog user, or null where there is none. */
  constructor(
    userInfo: UserInfoService,
    emailOf: (userRef: string) => Promise<string | null>,
  ) {
    this.#userInfo = userInfo;
    this.#emailOf = emailOf;
  }

  /** @throws NotAllowedError for a caller that is not a person. */
  async personOf(credentials: BackstageCredentials): Promise<Decider> {
    const { type } = credentials.principal as { type?: string };
    if (type !== 'user') {
      throw new NotAllowedError(
        'A person decides on a deployment, not a service: call with the token of a user',
      );
    }
    const info = await this.#userInfo.getUserInfo(credentials);
    return {
      by: info.userEntityRef,
      ownership: info.ownershipEntityRefs,
      email: await this.#emailOf(info.userEntityRef),
    };
  }
}
