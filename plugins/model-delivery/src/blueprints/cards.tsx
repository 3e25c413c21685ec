import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { isModel, mayUseModels } from '../filters';

export const deliveryCard = EntityCardBlueprint.make({
  name: 'delivery',
  params: {
    filter: isModel,
    loader: () => import('../cards').then(m => <m.DeliveryCard />),
  },
});

/** On the pages of users, where people look for what concerns them. */
export const approvalsCard = EntityCardBlueprint.make({
  name: 'approvals',
  params: {
    filter: { kind: 'User' },
    loader: () => import('../cards').then(m => <m.ApprovalsCard />),
  },
});

export const modelsUsedCard = EntityCardBlueprint.make({
  name: 'models-used',
  params: {
    filter: mayUseModels,
    loader: () => import('../cards').then(m => <m.ModelsUsedCard />),
  },
});
