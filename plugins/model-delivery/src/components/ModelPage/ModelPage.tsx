import type { ModelDetail } from '@slipway/plugin-model-delivery-common';
import { QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import {
  EntityModelRef,
  queryClient,
  useChangeSignal,
  useModelDetail,
  useModelRef,
} from '../../api';
import { Answer, Face, Loading, notFoundIcon } from '../Face';
import { Region } from '../Region';
import { Surface } from '../Surface';

/** A tab of a model's page: its ground, its data, and what it shows until there is some. */
export function ModelPage(props: {
  children: (model: ModelDetail) => ReactNode;
}) {
  return (
    <QueryClientProvider client={queryClient}>
      <EntityModelRef>
        <Surface page>
          <ModelAnswer>{props.children}</ModelAnswer>
        </Surface>
      </EntityModelRef>
    </QueryClientProvider>
  );
}

function ModelAnswer(props: { children: (model: ModelDetail) => ReactNode }) {
  const { name, entityRef } = useModelRef();
  const query = useModelDetail();
  useChangeSignal(entityRef, query.data?.changeKey);
  return (
    <Answer
      query={query}
      what="model"
      loading={
        <Region label="Loading">
          <Loading what="model" rows={5} />
        </Region>
      }
      notFound={
        <Region label="Not known yet">
          <Face icon={notFoundIcon} title="Not known here yet">
            <code>{name}</code> is in the catalog, but its delivery was not read
            yet, or you may not see it. It appears here by itself within a
            minute.
          </Face>
        </Region>
      }
    >
      {props.children}
    </Answer>
  );
}
