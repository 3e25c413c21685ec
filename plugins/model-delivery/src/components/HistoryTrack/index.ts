export { HistoryLegend, HistoryTrack } from './HistoryTrack';
