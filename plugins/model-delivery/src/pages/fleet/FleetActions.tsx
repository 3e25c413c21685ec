import { useRouteRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  ButtonIcon,
  ButtonLink,
  Menu,
  MenuItem,
  MenuTrigger,
  useBreakpoint,
} from '@backstage/ui';
import { feedbackControlAllPermission } from '@slipway/plugin-model-delivery-common';
import { Icon } from '../../components';
import { modelsRouteRef } from '../../routes';

/** Leads to the page for models that exist already. */
export function AddModelButton() {
  const models = useRouteRef(modelsRouteRef);
  if (!models) return null;
  return (
    <ButtonLink variant="secondary" size="small" href={`${models()}/add`}>
      Add existing model
    </ButtonLink>
  );
}

/** Leads to the other pages about all models: a menu where the screen is too narrow for links. */
export function FleetActions() {
  const models = useRouteRef(modelsRouteRef);
  const { down } = useBreakpoint();
  const feedback = usePermission({ permission: feedbackControlAllPermission });
  if (!models) return null;
  const links = [
    { path: 'approvals', name: 'Waiting for me' },
    { path: 'sources', name: 'Sources' },
    ...(feedback.allowed ? [{ path: 'feedback', name: 'Feedback' }] : []),
  ];
  if (down('md')) {
    return (
      <MenuTrigger>
        <ButtonIcon
          size="small"
          variant="secondary"
          aria-label="More about models"
          icon={<Icon name="more" />}
        />
        <Menu>
          {[...links, { path: 'add', name: 'Add existing model' }].map(
            ({ path, name }) => (
              <MenuItem key={path} href={`${models()}/${path}`}>
                {name}
              </MenuItem>
            ),
          )}
        </Menu>
      </MenuTrigger>
    );
  }
  return (
    <>
      {links.map(({ path, name }) => (
        <ButtonLink
          key={path}
          variant="tertiary"
          size="small"
          href={`${models()}/${path}`}
        >
          {name}
        </ButtonLink>
      ))}
      <AddModelButton />
    </>
  );
}
