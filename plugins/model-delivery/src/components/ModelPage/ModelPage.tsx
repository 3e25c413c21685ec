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
import { Notice } from '../Notice';
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
        <Region label="No delivery data yet">
          <Face icon={notFoundIcon} title="No delivery data yet">
            <code>{name}</code> is in the catalog, but Slipway has not read its
            delivery data yet, or you may not see it. New models appear within a
            minute.
          </Face>
        </Region>
      }
    >
      {model => (
        <>
          {model.problem && <EntityProblem problem={model.problem} />}
          {props.children(model)}
        </>
      )}
    </Answer>
  );
}

/** The entity is invalid now, and the page shows the last valid one. */
function EntityProblem({ problem }: { problem: string }) {
  return (
    <Notice tone="warning" shape="triangle">
      <b>The model&apos;s entity is invalid.</b> This page shows the last valid
      version of it. {problem}
    </Notice>
  );
}
