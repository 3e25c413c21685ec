import { ProviderError } from '@slipway/plugin-model-delivery-node';

/**
 * Reads what a source has item by item. One that does not hold is skipped and nothing beside it:
 * people still see the forty-nine others and what comes next, and what was known of it stays. The
 * source is `partial` meanwhile and says which item it is. Where not one item holds, it is not the
 * items that are wrong, and the source fails as a whole.
 */
export class PartialRead {
  /** Why those could not be loaded that were asked for, the first one first. */
  readonly problems = new Map<string, string>();
  #held = 0;

  /** @returns undefined where the item does not hold; whatever else goes wrong is thrown. */
  async read<T>(item: string, act: () => Promise<T>): Promise<T | undefined> {
    try {
      const found = await act();
      this.#held += 1;
      return found;
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'bad-data') {
        throw error;
      }
      this.problems.set(item, error.message);
      return undefined;
    }
  }

  /** What is to be said of the source. */
  get missing(): ProviderError | undefined {
    return missingOf(this.problems);
  }

  /** @throws ProviderError what is wrong with the first. */
  failWhereNothingHeld(): void {
    const missing = missingOf(this.problems);
    if (this.#held === 0 && missing) throw missing;
  }
}

/** @param problems - why items could not be loaded, by item. */
export function missingOf(
  problems: Map<string, string>,
): ProviderError | undefined {
  const [first, ...others] = problems.values();
  if (first === undefined) return undefined;
  const more =
    others.length > 0 ? ` ${others.length} more could not be loaded.` : '';
  return new ProviderError('bad-data', `${first}${more}`);
}
