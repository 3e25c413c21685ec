export * from './modelEnvironment';
