export * from './useModelLinks';
export * from './useUrlState';
