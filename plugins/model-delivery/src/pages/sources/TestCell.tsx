import { Button } from '@backstage/ui';
import type { SourceDetail } from '@slipway/plugin-model-delivery-common';
import { Status, Sub } from '../../components';
import { describeError } from '../../words';
import styles from './sources.module.css';
import { useSourceTest } from './useSources';

/** Tests the connection, and says how that went. */
export function TestCell({ source }: { source: SourceDetail }) {
  const test = useSourceTest(source.id);
  if (!source.testable) {
    return <span className={styles.muted}>nothing to test</span>;
  }
  return (
    <span className={styles.cell}>
      <Button
        size="small"
        variant="secondary"
        isPending={test.isPending}
        aria-label={`Test the connection to ${source.title}, ${source.capability}`}
        onPress={() => test.mutate()}
      >
        Test
      </Button>
      <span aria-live="polite">
        {test.data && (
          <Sub>
            <Status
              look={
                test.data.ok
                  ? { shape: 'check', tone: 'good', word: 'Answers' }
                  : { shape: 'octagon', tone: 'bad', word: 'Fails' }
              }
            />{' '}
            {test.data.message} {test.data.tookMs} ms
          </Sub>
        )}
        {test.error && <Sub>{describeError(test.error).message}</Sub>}
      </span>
    </span>
  );
}
