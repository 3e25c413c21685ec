export { ListTable, Sub, type ListColumn } from './ListTable';
