import { useRouteRef } from '@backstage/frontend-plugin-api';
import { ButtonLink } from '@backstage/ui';
import { newModelRouteRef } from '../../routes';
import { Icon } from '../../components';

/** Leads to the template; not there in a portal without a scaffolder. */
export function NewModelButton() {
  const newModel = useRouteRef(newModelRouteRef);
  if (!newModel) return null;
  return (
    <ButtonLink
      variant="primary"
      size="small"
      iconStart={<Icon name="add" />}
      href={newModel({ namespace: 'default', templateName: 'model-project' })}
    >
      New model
    </ButtonLink>
  );
}
