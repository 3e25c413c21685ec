import { Link } from '@backstage/ui';
import type {
  ModelSummary,
  Run,
  SourceStatus,
} from '@slipway/plugin-model-delivery-common';
import type { ReactNode } from 'react';
import { Status, Sub, TimeAgo, useNow, Version } from '../../components';
import { useTabHref } from '../../url';
import {
  count,
  deploymentEvent,
  jobStatus,
  notConfigured,
  personName,
  refName,
  roundSpan,
  titleCase,
  type StatusLook,
} from '../../words';
import styles from './cells.module.css';

type CellProps = { model: ModelSummary };

export function NameCell({ model }: CellProps) {
  const href = useTabHref();
  return (
    <span
      className={styles.cell}
      title={[model.title || model.name, model.description]
        .filter(Boolean)
        .join('\n')}
    >
      <Link
        className={styles.name}
        href={href(model, 'delivery')}
        weight="bold"
        variant="body-medium"
        standalone
      >
        {model.title || model.name}
      </Link>
      <Sub>
        {model.type} ·{' '}
        {model.owner ? (
          refName(model.owner)
        ) : (
          <span className={styles.unowned}>no owner</span>
        )}
      </Sub>
    </span>
  );
}

export function EnvironmentCell(props: CellProps & { environment: string }) {
  const now = useNow();
  const { model, environment } = props;
  const known = model.environments.find(e => e.name === environment);
  if (!known) return <span className={styles.muted}>–</span>;
  if (!known.live) {
    return (
      <span className={styles.cell}>
        –<Sub>nothing live</Sub>
      </span>
    );
  }
  const since = Math.max(0, now - Date.parse(known.live.since));
  return (
    <span className={styles.cell}>
      <span className={styles.version} title={known.live.version}>
        <Version name={known.live.version} />
      </span>
      <Sub>for {roundSpan(since)}</Sub>
    </span>
  );
}

export function NewestCell({ model }: CellProps) {
  const { latestVersion, environments } = model;
  if (!latestVersion) return <span className={styles.muted}>–</span>;
  const last = environments[environments.length - 1];
  if (last?.live?.version === latestVersion.version) {
    return <span className={styles.muted}>same</span>;
  }
  return (
    <span className={styles.cell}>
      <span className={styles.version} title={latestVersion.version}>
        <Version name={latestVersion.version} />
      </span>
      <Sub>{latestVersion.status === 'rejected' ? 'rejected' : 'ahead'}</Sub>
    </span>
  );
}

const RUN_WORDS: Record<Run['kind'], string> = {
  ci: 'CI',
  training: 'Training',
  deployment: 'Deploy',
  infrastructure: 'Infrastructure',
};

export function PipelineCell({ model }: CellProps) {
  const { latestRun } = model;
  if (!latestRun) {
    return model.sources.some(s => s.capability === 'pipelines') ? (
      <span className={styles.muted}>no run yet</span>
    ) : (
      <Status look={notConfigured} />
    );
  }
  const look = jobStatus(latestRun.status);
  return (
    <TabStatus
      model={model}
      tab="pipelines"
      look={look}
      word={`${RUN_WORDS[latestRun.kind]} ${look.word.toLocaleLowerCase('en-US')}`}
    >
      {latestRun.status === 'running' ? (
        `${latestRun.jobsDone} of ${latestRun.jobsTotal} jobs`
      ) : (
        <TimeAgo at={latestRun.finishedAt ?? latestRun.createdAt} />
      )}
    </TabStatus>
  );
}

export function MonitorsCell({ model }: CellProps) {
  const { monitorCounts: counts } = model;
  const { look, word, detail } = describeMonitors(counts);
  return (
    <TabStatus model={model} tab="monitoring" look={look} word={word}>
      {detail}
    </TabStatus>
  );
}

function describeMonitors(counts: ModelSummary['monitorCounts']): {
  look: StatusLook;
  word: string;
  detail: string;
} {
  const { total, worst } = counts;
  const broken = counts.critical + counts.unavailable;
  const detail = [
    worst,
    counts.firing > 0 && `${count(counts.firing, 'alert')}`,
    counts.silenced > 0 && `${counts.silenced} silenced`,
  ]
    .filter(Boolean)
    .join(' · ');
  if (total === 0) {
    return { look: notConfigured, word: 'None', detail: 'no monitors' };
  }
  if (broken > 0) {
    const word = counts.critical > 0 ? 'critical' : 'unavailable';
    return {
      look: { shape: 'octagon', tone: 'bad', word: titleCase(word) },
      word: `${broken} ${word} of ${total}`,
      detail,
    };
  }
  if (counts.warning > 0) {
    return {
      look: { shape: 'triangle', tone: 'warning', word: 'Warning' },
      word: `${count(counts.warning, 'warning')} of ${total}`,
      detail,
    };
  }
  if (counts.unknown > 0) {
    return {
      look: { shape: 'question', tone: 'muted', word: 'Unknown' },
      word: counts.unknown === total ? 'Unknown' : `${counts.unknown} unknown`,
      detail,
    };
  }
  if (counts.healthy === 0) {
    return {
      look: { shape: 'question', tone: 'muted', word: 'Insufficient data' },
      word: 'Insufficient data',
      detail: `to judge ${count(total, 'monitor')}`,
    };
  }
  return {
    look: { shape: 'check', tone: 'good', word: 'Healthy' },
    word: `${counts.healthy} healthy`,
    detail: [
      counts.insufficient > 0 &&
        `${counts.insufficient} with insufficient data`,
      counts.silenced > 0 && `${count(counts.silenced, 'alert')} silenced`,
    ]
      .filter(Boolean)
      .join(' · '),
  };
}

export function DeliveryCell({ model }: CellProps) {
  const last = model.lastDelivery;
  if (!last) return <span className={styles.muted}>never delivered</span>;
  const look = deploymentEvent(last);
  return (
    <TabStatus model={model} tab="delivery" look={look}>
      {last.environment} ·{' '}
      {last.automatic ? '' : `${personName(last.requestedBy)} · `}
      <TimeAgo at={last.liveAt ?? last.finishedAt ?? last.requestedAt} />
    </TabStatus>
  );
}

const SOURCE_LOOKS: [SourceStatus['status'], StatusLook][] = [
  ['failed', { shape: 'octagon', tone: 'bad', word: 'Failed' }],
  ['stale', { shape: 'stale', tone: 'warning', word: 'Stale' }],
  ['ok', { shape: 'check', tone: 'muted', word: 'Fresh' }],
];

export function SourcesCell({ model }: CellProps) {
  for (const [status, look] of SOURCE_LOOKS) {
    const source = model.sources.find(s => s.status === status);
    if (source) {
      return (
        <span className={styles.cell}>
          <Status look={look} />
          {status !== 'ok' && (
            <Sub indent>
              <span title={source.error?.message}>{source.title}</span>
            </Sub>
          )}
        </span>
      );
    }
  }
  return <Status look={{ ...notConfigured, word: 'None' }} />;
}

/** A status that opens its tab, with a second line below its word. */
function TabStatus(props: {
  model: ModelSummary;
  tab: 'delivery' | 'pipelines' | 'monitoring';
  look: StatusLook;
  word?: string;
  children: ReactNode;
}) {
  const href = useTabHref();
  const { model, tab, look, word, children } = props;
  return (
    <span className={styles.cell}>
      <Link href={href(model, tab)} variant="body-medium" standalone>
        <Status look={look}>{word}</Status>
      </Link>
      <Sub indent>{children}</Sub>
    </span>
  );
}
