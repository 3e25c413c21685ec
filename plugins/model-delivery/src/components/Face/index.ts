export { Answer } from './Answer';
export { Face } from './Face';
export { Failed } from './Failed';
export * from './icons';
export { Loading } from './Loading';
