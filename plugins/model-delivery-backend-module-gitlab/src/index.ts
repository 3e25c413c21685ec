/** Follows GitLab CI/CD: pipelines, evidence, deployments. */
export { modelDeliveryModuleGitlab as default } from './module';
