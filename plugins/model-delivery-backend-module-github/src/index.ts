/** Follows GitHub Actions: pipelines, evidence, deployments. */
export { modelDeliveryModuleGithub as default } from './module';
