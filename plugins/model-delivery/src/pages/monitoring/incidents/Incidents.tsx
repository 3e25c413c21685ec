import type {
  FeedbackStatus,
  Incident,
} from '@slipway/plugin-model-delivery-common';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useModelPages } from '../../../api';
import {
  Answer,
  Face,
  GuardedButton,
  type ListColumn,
  ListFooter,
  ListTable,
  Region,
  Status,
  TimeAgo,
} from '../../../components';
import { useUrlState } from '../../../url';
import { incidentPhase } from '../../../words';
import { FeedbackNotice } from './FeedbackNotice';
import { ReplayButton } from './ReplayButton';

const SwitchFeedbackDialog = lazy(() =>
  import('../../../dialogs').then(m => ({ default: m.SwitchFeedbackDialog })),
);

const RULE = `feedback:
  - when: { monitor: drift, is: warning, count: 3, of: 5 }
    then: retrain`;

/** What followed from monitors, newest first, and whether anything may follow. */
export function Incidents({ environment }: { environment: string }) {
  const { params, set } = useUrlState();
  const [isSwitching, setSwitching] = useState(false);
  const { query, items, showOlder } = useModelPages(
    'listIncidents',
    { query: { limit: 10 } },
    { moves: item => !['watching', 'closed'].includes(item.phase) },
  );
  const columns = useColumns();
  const feedback: FeedbackStatus | undefined = query.data?.pages[0]?.feedback;
  const isOff = feedback?.off.some(one => one.scope === 'model') ?? false;
  return (
    <Region
      flush
      label="Incidents"
      title="Incidents"
      actions={
        feedback &&
        feedback.rules > 0 && (
          <>
            {feedback.replays.includes(environment) && (
              <ReplayButton environment={environment} />
            )}
            <GuardedButton
              verb="feedback"
              variant="secondary"
              destructive={!isOff}
              silent
              onPress={() => setSwitching(true)}
            >
              {isOff ? 'Switch feedback on…' : 'Switch feedback off…'}
            </GuardedButton>
          </>
        )
      }
      footer={
        items.length > 0 && (
          <ListFooter
            shown={items.length}
            one="incident"
            showOlder={showOlder}
            pending={query.isFetchingNextPage}
          />
        )
      }
    >
      {feedback && <FeedbackNotice feedback={feedback} />}
      <Answer query={query} what="incidents">
        {() =>
          items.length === 0 ? (
            <Nothing rules={feedback?.rules ?? 0} />
          ) : (
            <ListTable
              label="Incidents"
              columns={columns}
              items={items}
              fixed="wide"
              marked={params.get('incident')}
              onOpen={item => set({ incident: item.id }, { push: true })}
            />
          )
        }
      </Answer>
      {isSwitching && (
        <Suspense fallback={null}>
          <SwitchFeedbackDialog
            on={isOff}
            onClose={() => setSwitching(false)}
          />
        </Suspense>
      )}
    </Region>
  );
}

function Nothing({ rules }: { rules: number }) {
  return rules > 0 ? (
    <Face title="No incident">
      No monitor has broken{' '}
      {rules === 1 ? 'the rule' : `one of the ${rules} rules`} of the entity.
    </Face>
  ) : (
    <Face title="No feedback rule" code={RULE}>
      A rule in the spec of the entity says what follows when a monitor breaks:
    </Face>
  );
}

function useColumns(): ListColumn<Incident>[] {
  return useMemo(
    () => [
      {
        id: 'when',
        label: 'Opened',
        width: '12%',
        cell: item => <TimeAgo at={item.openedAt} />,
      },
      {
        id: 'state',
        label: 'State',
        width: '16%',
        rowHeader: true,
        cell: item => <Status look={incidentPhase(item)} />,
      },
      {
        id: 'monitor',
        label: 'Monitor',
        width: '20%',
        cell: item => item.monitor,
      },
      {
        id: 'environment',
        label: 'Environment',
        width: '12%',
        secondary: true,
        cell: item => item.environment,
      },
      { id: 'what', label: 'What', width: '40%', cell: item => item.message },
    ],
    [],
  );
}
