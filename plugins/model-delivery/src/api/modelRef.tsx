import { getCompoundEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { createContext, type ReactNode, useContext, useMemo } from 'react';

/** A model, as paths and queries name it. */
export interface ModelRef {
  kind: string;
  namespace: string;
  name: string;
  entityRef: string;
}

const lower = (text: string) => text.toLocaleLowerCase('en-US');

export function modelRef(ref: {
  kind: string;
  namespace: string;
  name: string;
}): ModelRef {
  const [kind, namespace, name] = [ref.kind, ref.namespace, ref.name].map(
    lower,
  );
  return { kind, namespace, name, entityRef: `${kind}:${namespace}/${name}` };
}

const ModelRefContext = createContext<ModelRef | undefined>(undefined);

/** Says which model the parts below are about: that of the entity page. */
export function EntityModelRef(props: { children: ReactNode }) {
  const { entity } = useEntity();
  const { kind, namespace, name } = getCompoundEntityRef(entity);
  const ref = useMemo(
    () => modelRef({ kind, namespace, name }),
    [kind, namespace, name],
  );
  return (
    <ModelRefContext.Provider value={ref}>
      {props.children}
    </ModelRefContext.Provider>
  );
}

export function useModelRef(): ModelRef {
  const ref = useContext(ModelRefContext);
  if (!ref) throw new Error('There is no model around this component');
  return ref;
}
