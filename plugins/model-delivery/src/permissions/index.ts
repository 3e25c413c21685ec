export { type Asked, useMayDo } from './useMayDo';
