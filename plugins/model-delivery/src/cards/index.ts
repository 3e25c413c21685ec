export { ApprovalsCard } from './ApprovalsCard';
export { DeliveryCard } from './DeliveryCard';
export { ModelsUsedCard } from './ModelsUsedCard';
