export { Status, StatusIcon } from './Status';
