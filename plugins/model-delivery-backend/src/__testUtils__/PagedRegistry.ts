import type {
  Evidence,
  Signature,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type PageRequest,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import type { StoredVersion } from '../database/VersionStore';
import { fakeVersion, unitTests } from './fakes';

/** A registry that counts what it is asked, read by keyset as providers do. */
export class PagedRegistry {
  readonly id = 'fake';
  readonly title = 'Fake registry';
  versions: StoredVersion[] = [];
  pages: (string | undefined)[] = [];
  evidenceOf: string[] = [];
  /** Before the page of this number, counted over all readings. */
  failAtPage: { page: number; error: Error } | undefined;

  add(count: number, overrides: Partial<StoredVersion> = {}) {
    const first = this.versions.length + 1;
    for (let n = first; n < first + count; n += 1) {
      this.versions.push(
        fakeVersion(n, {
          version: String(n),
          createdAt: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
          ...overrides,
        }),
      );
    }
  }

  async listVersions(_model: unknown, { cursor, limit }: PageRequest) {
    if (this.failAtPage?.page === this.pages.length + 1) {
      const { error } = this.failAtPage;
      this.failAtPage = undefined;
      throw error;
    }
    this.pages.push(cursor);
    const top = cursor ? Number(cursor) : this.versions.length;
    const items = this.versions.slice(Math.max(0, top - limit), top).reverse();
    return {
      items,
      ...(top > limit && { nextCursor: String(top - limit) }),
    };
  }
  async getVersion(_model: unknown, version: string) {
    const found = this.versions[Number(version) - 1];
    if (!found) throw new ProviderError('not-found', 'gone');
    return found;
  }
  async getEvidence(_model: unknown, version: string): Promise<Evidence[]> {
    this.evidenceOf.push(version);
    return [unitTests()];
  }
  async getSignature(): Promise<Signature | null> {
    return null;
  }
}
