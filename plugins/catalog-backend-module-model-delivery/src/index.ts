export { catalogModuleModelDelivery as default } from './module';
