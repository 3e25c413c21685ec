export { isModelEntity } from '@slipway/plugin-model-delivery-common';
export * from './extensions';
export { modelDeliveryPlugin } from './plugin';
