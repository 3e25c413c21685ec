export { HistoryLegend, HistoryTrack, type TrackLane } from './HistoryTrack';
