import { Button } from '@backstage/ui';
import { MODEL_KIND } from '@slipway/plugin-model-delivery-common';
import type { ReactNode } from 'react';
import { Face, noMatchIcon, Region, Steps } from '../../components';
import { count, refName } from '../../words';
import { AddModelButton } from './FleetActions';
import { NewModelButton } from './NewModelButton';
import type { FleetAnswer, FleetState } from './useFleet';

/** The portal has no model at all. */
export function FirstRun(props: { sources: FleetAnswer['sources'] }) {
  const titles = [...new Set(props.sources.map(source => source.title))];
  return (
    <Region label="First model">
      <Face
        title="Add your first model"
        actions={
          <>
            <NewModelButton />
            <AddModelButton />
          </>
        }
      >
        <Steps
          steps={[
            { text: 'Slipway is installed', done: true },
            titles.length > 0
              ? { text: `Connected: ${titles.join(', ')}`, done: true }
              : { text: 'Connect a provider in app-config' },
            {
              text: (
                <>
                  Add a model: from the template, or with a{' '}
                  <code>kind: {MODEL_KIND}</code> file in an existing repository
                </>
              ),
            },
            { text: 'Watch the first pipeline run' },
          ]}
        />
      </Face>
    </Region>
  );
}

/** There are models, and the filters are the reason why none is shown. */
export function NoMatch(props: { state: FleetState; all: number }) {
  const { state, all } = props;
  const conditions: ReactNode[] = [
    state.attention && <b key="attention">{state.attention}</b>,
    state.owner && (
      <span key="owner">
        owned by <b>{refName(state.owner)}</b>
      </span>
    ),
    state.type && (
      <span key="type">
        of type <b>{state.type}</b>
      </span>
    ),
    state.lifecycle && (
      <span key="lifecycle">
        in <b>{state.lifecycle}</b>
      </span>
    ),
    state.environment && (
      <span key="environment">
        live in <b>{state.environment}</b>
      </span>
    ),
    state.search && <span key="search">called “{state.search}”</span>,
  ].filter(Boolean);
  return (
    <Face
      icon={noMatchIcon}
      title="No matching models"
      actions={
        <Button variant="secondary" onPress={state.clear}>
          Clear filters
        </Button>
      }
    >
      Of {count(all, 'model')}, none is{' '}
      {conditions.map((condition, index) => (
        <span key={index}>
          {index > 0 && (index === conditions.length - 1 ? ' and ' : ', ')}
          {condition}
        </span>
      ))}
      .
    </Face>
  );
}
