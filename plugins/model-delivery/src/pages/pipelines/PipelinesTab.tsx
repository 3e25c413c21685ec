import type { ModelDetail } from '@slipway/plugin-model-delivery-common';
import { lazy, Suspense, useState } from 'react';
import { ModelPage, NotConfigured, SourceLine } from '../../components';
import { useUrlState } from '../../url';
import { RunView } from './run';
import { RunList } from './RunList';
import { Trend } from './Trend';

const RetrainDialog = lazy(() =>
  import('../../dialogs').then(m => ({ default: m.RetrainDialog })),
);

/** What ran, what runs, and one run from its jobs down to the lines of its log. */
export function PipelinesTab() {
  return <ModelPage>{model => <Pipelines model={model} />}</ModelPage>;
}

function Pipelines({ model }: { model: ModelDetail }) {
  const { params, set } = useUrlState();
  const [retraining, setRetraining] = useState(false);
  const runId = params.get('run');
  const open = (id: string) => set({ run: id, job: null }, { push: true });
  const configured =
    model.latestRun !== null ||
    model.sources.some(
      s => s.capability === 'pipelines' && s.status !== 'not-configured',
    );
  return (
    <>
      <SourceLine sources={model.sources} capabilities={['pipelines']} />
      {runId && (
        <RunView
          key={runId}
          runId={runId}
          onBack={() => set({ run: null, job: null }, { push: true })}
          onOpen={open}
        />
      )}
      {!runId && configured && (
        <>
          <Trend onOpen={open} />
          <RunList
            onOpen={run => open(run.id)}
            onRetrain={() => setRetraining(true)}
          />
        </>
      )}
      {!runId && !configured && <NotConfigured part="pipelines" />}
      {retraining && (
        <Suspense fallback={null}>
          <RetrainDialog
            onClose={() => setRetraining(false)}
            onStarted={id => {
              setRetraining(false);
              open(id);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
