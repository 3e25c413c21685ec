import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import { Link } from '@backstage/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { queryClient } from '../api';
import { Status, Surface, TimeAgo, Version } from '../components';
import { Waiting } from '../pages/approvals';
import { useTabHref } from '../url';
import { deploymentState, personName } from '../words';
import styles from './cards.module.css';

/** What waits for the visitor, for a home page or the page of a user. */
export function ApprovalsCard() {
  const href = useTabHref();
  return (
    <EntityInfoCard title="Waiting for me">
      <QueryClientProvider client={queryClient}>
        <Surface>
          <Waiting>
            {items => (
              <ul className={styles.list}>
                {items.map(({ model, deployment }) => (
                  <li key={deployment.id}>
                    <Link
                      href={href(model, 'delivery', {
                        deployment: deployment.id,
                      })}
                      weight="bold"
                      standalone
                    >
                      {model.title}
                    </Link>
                    <Status look={deploymentState('waiting')} />
                    <span className={styles.sub}>
                      <Version name={deployment.version} /> for{' '}
                      {deployment.environment}, requested by{' '}
                      {personName(deployment.requestedBy)}{' '}
                      <TimeAgo at={deployment.requestedAt} />
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Waiting>
        </Surface>
      </QueryClientProvider>
    </EntityInfoCard>
  );
}
