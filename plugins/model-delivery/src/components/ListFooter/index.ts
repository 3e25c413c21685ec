export { ListFooter } from './ListFooter';
