import { useApi } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { useCallback } from 'react';
import { modelDeliveryApiRef } from '../../api/modelDeliveryApi';
import { CheckedText } from '../checkedText';
import { checkName } from './checkName';

/** A name that is checked as it is typed. */
export function ModelNameField(props: FieldExtensionComponentProps<string>) {
  const api = useApi(modelDeliveryApiRef);
  const check = useCallback(
    (name: string, signal: AbortSignal) => checkName(api, name, signal),
    [api],
  );
  return <CheckedText field={props} check={check} />;
}
