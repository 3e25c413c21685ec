import { FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';

/** The name of a model, checked as it is typed. */
export const modelNameFormField = FormFieldBlueprint.make({
  name: 'model-name',
  params: {
    field: () => import('../formFields/modelName').then(m => m.modelNameField),
  },
});

/** The address of a CSV, checked as it is typed. */
export const dataAddressFormField = FormFieldBlueprint.make({
  name: 'data-address',
  params: {
    field: () =>
      import('../formFields/dataAddress').then(m => m.dataAddressField),
  },
});

/** The files that a template will make. */
export const projectFilesFormField = FormFieldBlueprint.make({
  name: 'project-files',
  params: {
    field: () =>
      import('../formFields/projectFiles').then(m => m.projectFilesField),
  },
});
