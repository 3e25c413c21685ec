/**
 * Model delivery on one machine: repositories, runs, a registry, model servers and their metrics.
 *
 * @packageDocumentation
 */
export { modelDeliveryModuleLocal as default } from './module';
