export { useMayDo, type Verb } from './useMayDo';
