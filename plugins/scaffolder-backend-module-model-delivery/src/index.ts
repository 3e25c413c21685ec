export { scaffolderModuleModelDelivery as default } from './module';
