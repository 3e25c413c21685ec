import { Button } from '@backstage/ui';
import type { SourceStatus } from '@slipway/plugin-model-delivery-common';
import type { ReactNode } from 'react';
import { useModelAction } from '../../api';
import { relativeTime, sourceStatus } from '../../words';
import { Status } from '../Status';
import { useNow } from '../TimeAgo';
import styles from './SourceLine.module.css';
import { Icon } from '../Icon';

const RETRIED: SourceStatus['status'][] = ['failed', 'stale', 'partial'];

/** How fresh each source behind a page is, and a way to ask them again. */
export function SourceLine(props: {
  sources: SourceStatus[];
  capabilities?: SourceStatus['capability'][];
  /** More about what the page shows, or what sets it. */
  children?: ReactNode;
}) {
  const now = useNow();
  const refresh = useModelAction('refreshModel');
  const shown = mergeByProvider(
    props.sources.filter(
      s => !props.capabilities || props.capabilities.includes(s.capability),
    ),
  );
  return (
    <div className={styles.line} role="status" aria-live="off">
      {shown.map(source => (
        <Status key={source.id} look={sourceStatus(source.status)}>
          {describeSource(source, now)}
          {RETRIED.includes(source.status) && (
            <>
              {' '}
              <button
                type="button"
                className={styles.retry}
                onClick={() => refresh.mutate({})}
              >
                Retry
              </button>
            </>
          )}
        </Status>
      ))}
      <span className={styles.space} />
      {props.children}
      <Button
        size="small"
        variant="tertiary"
        iconStart={<Icon name="refresh" />}
        isPending={refresh.isPending}
        onPress={() => refresh.mutate({})}
      >
        Refresh
      </Button>
    </div>
  );
}

function describeSource(source: SourceStatus, now: number): string {
  const age = source.fetchedAt
    ? relativeTime(
        source.fetchedAt,
        Math.max(now, Date.parse(source.fetchedAt)),
      )
    : 'not read yet';
  const why = source.error ? `. ${source.error.message}` : '';
  switch (source.status) {
    case 'ok':
      return `${source.title}: ${age}`;
    case 'partial':
      return `${source.title}: in part, ${age}${why}`;
    case 'stale':
      return `${source.title}: stale, ${age}${why}`;
    case 'failed':
      return `${source.title}: failed${why}`;
    default:
      return `${source.title}: not configured`;
  }
}

const RANK = ['failed', 'stale', 'partial', 'ok', 'not-configured'];

/** One provider with several capabilities is one source to a reader: its worst one speaks. */
function mergeByProvider(sources: SourceStatus[]): SourceStatus[] {
  const worst = new Map<string, SourceStatus>();
  for (const source of sources) {
    const known = worst.get(source.title);
    if (!known || RANK.indexOf(source.status) < RANK.indexOf(known.status)) {
      worst.set(source.title, source);
    }
  }
  return [...worst.values()];
}
