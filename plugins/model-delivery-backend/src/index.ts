export { modelDeliveryPlugin as default } from './plugin';
