export { Page } from './Page';
export { Permitted } from './Permitted';
