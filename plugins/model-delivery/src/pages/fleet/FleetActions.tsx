import { useRouteRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { ButtonLink } from '@backstage/ui';
import { feedbackControlAllPermission } from '@slipway/plugin-model-delivery-common';
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

/** Leads to the deployments that wait for the visitor. */
export function ApprovalsButton() {
  const models = useRouteRef(modelsRouteRef);
  if (!models) return null;
  return (
    <ButtonLink variant="tertiary" size="small" href={`${models()}/approvals`}>
      Waiting for me
    </ButtonLink>
  );
}

/** Leads to the systems that models come from. */
export function SourcesButton() {
  const models = useRouteRef(modelsRouteRef);
  if (!models) return null;
  return (
    <ButtonLink variant="tertiary" size="small" href={`${models()}/sources`}>
      Sources
    </ButtonLink>
  );
}

/** Leads to the switch of all models, for those who may use it. */
export function FeedbackButton() {
  const models = useRouteRef(modelsRouteRef);
  const { allowed } = usePermission({
    permission: feedbackControlAllPermission,
  });
  if (!models || !allowed) return null;
  return (
    <ButtonLink variant="tertiary" size="small" href={`${models()}/feedback`}>
      Feedback
    </ButtonLink>
  );
}
