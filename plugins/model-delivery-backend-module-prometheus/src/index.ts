/**
 * Monitors of models from Prometheus, alerts from Alertmanager.
 *
 * @packageDocumentation
 */
export { prometheusFeatures as default } from './features';
