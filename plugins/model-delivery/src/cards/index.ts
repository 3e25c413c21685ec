export { DeliveryCard } from './DeliveryCard';
export { ModelsUsedCard } from './ModelsUsedCard';
