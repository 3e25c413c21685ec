/**
 * Words, constants and permissions that every package of model delivery shares. Loading it loads
 * no schema library; schemas, the REST contract and the client are subpaths of their own.
 */
export * from './constants';
export * from './delivery';
export * from './entity';
export * from './permissions';
export type * from './schema';
