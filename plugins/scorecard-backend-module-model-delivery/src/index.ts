export { scorecardModuleModelDelivery as default } from './module';
