export { SourceLine } from './SourceLine';
