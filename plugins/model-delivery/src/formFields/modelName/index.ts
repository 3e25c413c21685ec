import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { modelDeliveryApiRef } from '../../api/modelDeliveryApi';
import { checkName } from './checkName';
import { ModelNameField } from './ModelNameField';

/** `ui:field: ModelName` */
export const modelNameField = createFormField({
  name: 'ModelName',
  component: ModelNameField,
  async validation(name: string, field, { apiHolder }) {
    const api = apiHolder.get(modelDeliveryApiRef);
    if (!api || !name) return;
    const known = await checkName(api, name);
    if (known.state === 'refused') field.addError(known.sentence);
  },
});
