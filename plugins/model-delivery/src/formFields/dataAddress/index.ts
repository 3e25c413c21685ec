import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { modelDeliveryApiRef } from '../../api/modelDeliveryApi';
import { checkAddress } from './checkAddress';
import { DataAddressField } from './DataAddressField';

/** `ui:field: DataAddress` */
export const dataAddressField = createFormField({
  name: 'DataAddress',
  component: DataAddressField,
  async validation(url: string, field, { apiHolder }) {
    const api = apiHolder.get(modelDeliveryApiRef);
    if (!api || !url) return;
    const checked = await checkAddress(api, url);
    if (checked.state === 'refused') field.addError(checked.sentence);
  },
});
