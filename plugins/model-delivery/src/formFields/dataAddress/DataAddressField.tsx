import { useApi } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { useCallback } from 'react';
import { modelDeliveryApiRef } from '../../api/modelDeliveryApi';
import { CheckedText } from '../checkedText';
import { checkAddress } from './checkAddress';

/** The address of a CSV, checked against the allowed hosts as it is typed. */
export function DataAddressField(props: FieldExtensionComponentProps<string>) {
  const api = useApi(modelDeliveryApiRef);
  const check = useCallback(
    (url: string, signal: AbortSignal) => checkAddress(api, url, signal),
    [api],
  );
  return <CheckedText field={props} check={check} />;
}
