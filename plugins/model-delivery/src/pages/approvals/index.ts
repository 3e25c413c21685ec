export { ApprovalsPage } from './ApprovalsPage';
export { Waiting } from './Waiting';
