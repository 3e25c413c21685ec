import { Link } from '@backstage/ui';
import type { LiveInterval } from '@slipway/plugin-model-delivery-common';
import { useId } from 'react';
import { useModelQuery } from '../../api';
import { Version } from '../../components';
import { useModelLinks, useUrlState } from '../../url';
import { exactTime, titleCase } from '../../words';
import styles from './LiveAt.module.css';

/** What was live in each environment at one moment, which the address keeps. */
export function LiveAt(props: { environments: string[] }) {
  const { params, set } = useUrlState();
  const label = useId();
  const typed = params.get('liveAt') ?? '';
  const at = momentOf(typed);
  return (
    <div className={styles.liveAt}>
      <label htmlFor={label}>Live at (UTC)</label>
      <input
        id={label}
        type="datetime-local"
        value={typed}
        onChange={event => set({ liveAt: event.target.value || null })}
      />
      {at && (
        <ul aria-label={`Live at ${exactTime(at)}`}>
          {props.environments.map(environment => (
            <LiveThen key={environment} environment={environment} at={at} />
          ))}
        </ul>
      )}
    </div>
  );
}

function LiveThen({ environment, at }: { environment: string; at: string }) {
  const links = useModelLinks();
  const query = useModelQuery('getHistory', {
    params: { environment },
    query: { at, limit: 1 },
  });
  return (
    <li>
      {titleCase(environment)}{' '}
      <Then
        failed={query.isError}
        interval={query.data && (query.data.items[0] ?? null)}
        hrefOf={links.deployment}
      />
    </li>
  );
}

function Then(props: {
  failed: boolean;
  /** Undefined until the answer is there; null where nothing was live. */
  interval: LiveInterval | null | undefined;
  hrefOf: (deploymentId: string) => string;
}) {
  if (props.failed) return <>unknown: the history could not be read</>;
  if (props.interval === undefined) return <>…</>;
  if (props.interval === null) return <>no version</>;
  const { version, deploymentId } = props.interval;
  return (
    <Link href={props.hrefOf(deploymentId)}>
      <Version name={version} />
    </Link>
  );
}

/** @param typed - as a `datetime-local` input has it, in UTC. */
function momentOf(typed: string): string | undefined {
  const time = Date.parse(`${typed}Z`);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
