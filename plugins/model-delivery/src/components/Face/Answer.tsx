import { Button } from '@backstage/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { describeError, isNotFound, relativeTime } from '../../words';
import { Notice } from '../Notice';
import { Face } from './Face';
import { Failed } from './Failed';
import { notFoundIcon } from './icons';
import { Loading } from './Loading';

type Asked<T> = Pick<
  UseQueryResult<T>,
  'data' | 'error' | 'isError' | 'dataUpdatedAt'
> & { refetch: () => unknown };

/**
 * Shows an answer, or the face that tells why there is none. An answer that is known stays on the
 * page while asking again fails; its age is then said above it.
 */
export function Answer<T>(props: {
  query: Asked<T>;
  /** What is asked for, as in "runs". */
  what: string;
  /** In place of the general words when there is no such thing. */
  notFound?: ReactNode;
  loading?: ReactNode;
  children: (answer: T) => ReactNode;
}) {
  const { query, what, notFound, loading } = props;
  const title = `${what.charAt(0).toLocaleUpperCase('en-US')}${what.slice(1)}`;
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && (
          <Notice
            tone="warning"
            shape="stale"
            action={<Button onPress={() => query.refetch()}>Retry</Button>}
          >
            <b>
              As of {relativeTime(new Date(query.dataUpdatedAt).toISOString())}.
            </b>{' '}
            {describeError(query.error).message}
          </Notice>
        )}
        {props.children(query.data)}
      </>
    );
  }
  if (query.isError) {
    if (isNotFound(query.error)) {
      return (
        notFound ?? (
          <Face icon={notFoundIcon} title={`No such ${what}`}>
            {describeError(query.error).message}
          </Face>
        )
      );
    }
    return (
      <Failed
        title={`${title} could not be loaded`}
        error={query.error}
        onRetry={() => query.refetch()}
      />
    );
  }
  return loading ?? <Loading what={what} />;
}
