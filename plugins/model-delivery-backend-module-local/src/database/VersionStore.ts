import type { Signature } from '@slipway/plugin-model-delivery-common';
import type {
  Page,
  PageRequest,
  ProviderVersion,
} from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { decodeCursor, pageOf } from './cursor';

/** What a version is, apart from its aliases, which move. */
export type VersionBody = Omit<ProviderVersion, 'aliases'>;

export interface StoredVersion {
  repository: string;
  body: VersionBody;
  /** sha256 of `model.tar.gz`, as `sha256:…`. */
  bundleDigest: string;
  card: string | null;
  signature: Signature | null;
}

interface VersionRow {
  seq: number;
  repository: string;
  version: string;
  bundle_digest: string;
  body: string;
  card: string | null;
  signature: string | null;
}

/** Without the card and the signature, which only one version at a time needs. */
const LIST_COLUMNS = ['seq', 'repository', 'version', 'body'] as const;

/** The registry's rows. A version that is in is never changed; aliases point at them. */
export class VersionStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** @returns false where that version is in already. */
  async insert(stored: StoredVersion): Promise<boolean> {
    const { body } = stored;
    const inserted = await this.#knex('local_version')
      .insert({
        repository: stored.repository,
        version: body.version,
        status: body.status,
        run_id: body.runId,
        commit: body.commit,
        digest: body.digest,
        bundle_digest: stored.bundleDigest,
        size_bytes: body.sizeBytes,
        body: JSON.stringify(body),
        card: stored.card,
        signature: stored.signature && JSON.stringify(stored.signature),
        created_at: body.createdAt,
      })
      .onConflict(['repository', 'version'])
      .ignore()
      .returning('version');
    return inserted.length > 0;
  }

  /** Newest first. */
  async list(
    repository: string,
    page: PageRequest,
  ): Promise<Page<ProviderVersion>> {
    const rows: VersionRow[] = await this.#knex('local_version')
      .where({ repository })
      .modify(query => {
        if (page.cursor) query.where('seq', '<', decodeCursor(page.cursor));
      })
      .orderBy('seq', 'desc')
      .limit(page.limit + 1)
      .select(...LIST_COLUMNS);
    const aliases = await this.aliases(repository);
    return pageOf(rows, page.limit, row => withAliases(row, aliases));
  }

  async get(
    repository: string,
    version: string,
  ): Promise<
    (Omit<StoredVersion, 'body'> & { version: ProviderVersion }) | undefined
  > {
    const row = await this.#knex<VersionRow>('local_version')
      .where({ repository, version })
      .first();
    if (!row) return undefined;
    return {
      repository,
      version: withAliases(row, await this.aliases(repository)),
      bundleDigest: row.bundle_digest,
      card: row.card,
      signature: row.signature ? JSON.parse(row.signature) : null,
    };
  }

  async ofRun(runId: string): Promise<string | undefined> {
    const row = await this.#knex('local_version')
      .where({ run_id: runId })
      .first('version');
    return row?.version;
  }

  /** The newest, whatever its status: names go on from it. */
  async newestName(repository: string): Promise<string | undefined> {
    const row = await this.#knex('local_version')
      .where({ repository })
      .orderBy('seq', 'desc')
      .first('version');
    return row?.version;
  }

  async newestRegistered(repository: string): Promise<string | undefined> {
    const row = await this.#knex('local_version')
      .where({ repository, status: 'registered' })
      .orderBy('seq', 'desc')
      .first('version');
    return row?.version;
  }

  async mark(
    repository: string,
    alias: {
      alias: string;
      version: string;
      by: string;
      deploymentId: string;
      at: string;
    },
  ): Promise<void> {
    await this.#knex('local_alias')
      .insert({
        repository,
        alias: alias.alias,
        version: alias.version,
        set_by: alias.by,
        deployment_id: alias.deploymentId,
        at: alias.at,
      })
      .onConflict(['repository', 'alias'])
      .merge();
  }

  async aliases(
    repository: string,
  ): Promise<Array<{ alias: string; version: string }>> {
    return await this.#knex('local_alias')
      .where({ repository })
      .orderBy('alias')
      .select('alias', 'version');
  }
}

function withAliases(
  row: Pick<VersionRow, 'body'>,
  aliases: Array<{ alias: string; version: string }>,
): ProviderVersion {
  const body = JSON.parse(row.body) as VersionBody;
  return {
    ...body,
    aliases: aliases
      .filter(({ version }) => version === body.version)
      .map(({ alias }) => alias),
  };
}
