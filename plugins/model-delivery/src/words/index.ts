export * from './errors';
export * from './names';
export * from './numbers';
export * from './signals';
export * from './status';
export * from './time';
export * from './incidents';
export * from './metrics';
