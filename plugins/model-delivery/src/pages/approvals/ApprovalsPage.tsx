import { QueryClientProvider } from '@tanstack/react-query';
import { queryClient } from '../../api';
import { ListFooter, PageIntro, Region, Surface } from '../../components';
import { ApprovalTable } from './ApprovalTable';
import styles from './approvals.module.css';
import { Waiting } from './Waiting';

/** Every deployment that waits for an approval of the visitor. */
export function ApprovalsPage() {
  return (
    <QueryClientProvider client={queryClient}>
      <Surface page className={styles.page}>
        <PageIntro title="Waiting for me">
          Deployments that ask one of your groups for an approval. Requests of
          your own, and those that you approved, are not listed.
        </PageIntro>
        <Region label="Waiting for me" flush>
          <Waiting>
            {(items, more) => (
              <>
                <ApprovalTable items={items} />
                {more.show && (
                  <ListFooter
                    shown={items.length}
                    one="deployment"
                    showOlder={more.show}
                    pending={more.pending}
                  />
                )}
              </>
            )}
          </Waiting>
        </Region>
      </Surface>
    </QueryClientProvider>
  );
}
