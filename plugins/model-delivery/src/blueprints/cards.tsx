import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { isModel, mayUseModels } from '../filters';

export const deliveryCard = EntityCardBlueprint.make({
  name: 'delivery',
  params: {
    filter: isModel,
    loader: () => import('../cards').then(m => <m.DeliveryCard />),
  },
});

export const modelsUsedCard = EntityCardBlueprint.make({
  name: 'models-used',
  params: {
    filter: mayUseModels,
    loader: () => import('../cards').then(m => <m.ModelsUsedCard />),
  },
});
