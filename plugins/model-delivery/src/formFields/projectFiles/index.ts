import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { ProjectFilesField } from './ProjectFilesField';

/** `ui:field: ModelProjectFiles` */
export const projectFilesField = createFormField({
  name: 'ModelProjectFiles',
  component: ProjectFilesField,
});
