import type { WaitingForMe } from '@slipway/plugin-model-delivery-common';
import type { ReactNode } from 'react';
import { Answer, Face } from '../../components';
import { useApprovals } from './useApprovals';

/** What waits for the visitor, or that nothing does. */
export function Waiting(props: {
  children: (
    items: WaitingForMe[],
    more: { show?: () => unknown; pending: boolean },
  ) => ReactNode;
}) {
  const query = useApprovals();
  return (
    <Answer query={query} what="approvals">
      {({ pages }) => {
        const items = pages.flatMap(page => page.items);
        return items.length === 0 ? (
          <Face title="Nothing waits for you">
            Deployments that ask one of your groups for an approval appear here.
          </Face>
        ) : (
          props.children(items, {
            show: query.hasNextPage ? () => query.fetchNextPage() : undefined,
            pending: query.isFetchingNextPage,
          })
        );
      }}
    </Answer>
  );
}
