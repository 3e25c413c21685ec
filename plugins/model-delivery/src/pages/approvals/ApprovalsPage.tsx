import { ListFooter, Page, Region } from '../../components';
import { ApprovalTable } from './ApprovalTable';
import { Waiting } from './Waiting';

/** Every deployment that waits for an approval of the visitor. */
export function ApprovalsPage() {
  return (
    <Page
      title="Waiting for me"
      intro="Deployments that ask one of your groups for an approval. Requests of your own, and those that you approved, are not listed."
    >
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
    </Page>
  );
}
