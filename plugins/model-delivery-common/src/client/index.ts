export * from './ModelDeliveryClient';
