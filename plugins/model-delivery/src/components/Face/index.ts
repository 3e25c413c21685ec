export { Answer } from './Answer';
export { Face } from './Face';
export * from './icons';
export { Loading } from './Loading';
