export * from './operation';
export * from './operations';
export type { DiscoveredModel } from './shapes';
