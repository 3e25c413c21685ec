import { Button } from '@backstage/ui';
import { count, formatNumber } from '../../words';
import styles from './ListFooter.module.css';

/** How much of a list is shown, and a way to more of it. */
export function ListFooter(props: {
  shown: number;
  /** Unknown where the source does not count. */
  total?: number;
  /** What one row is, as in "run". */
  one: string;
  /** More about what is shown. */
  about?: string;
  showOlder?: () => unknown;
  pending: boolean;
}) {
  const { shown, total, one, about, showOlder, pending } = props;
  return (
    <>
      <span className={styles.words}>
        {total === undefined
          ? count(shown, one)
          : `${formatNumber(shown)} of ${formatNumber(total)}`}
        {about && ` · ${about}`}
      </span>
      {showOlder && (
        <Button
          variant="secondary"
          isPending={pending}
          onPress={() => showOlder()}
        >
          Show older
        </Button>
      )}
    </>
  );
}
