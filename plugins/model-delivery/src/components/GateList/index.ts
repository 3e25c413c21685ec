export { GateList } from './GateList';
export { Waits } from './Waits';
