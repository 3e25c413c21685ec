export { LaneTicks, Legend, TimeAxis, type TimeMark } from './TimeLane';
