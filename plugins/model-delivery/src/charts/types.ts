export interface ChartPoint {
  x: number;
  /** Unknown is not drawn, and nothing is drawn across it. */
  y: number | null;
  /** How sure the value is, where that is known. */
  interval?: [number, number] | null;
  /** Drawn full; else hollow. Only where single points are shown. */
  solid?: boolean;
  /** Above the point, or below it where the label of the next one is in the way. */
  label?: string;
  labelBelow?: boolean;
}

export interface ChartLimit {
  value: number;
  kind: 'warning' | 'critical';
  word: string;
}

export interface ChartMark {
  x: number;
  label: string;
  onOpen?: () => void;
}

export interface ChartGap {
  from: number;
  to: number;
  why: string;
}

export interface SignalChartProps {
  /** The chart in one sentence. */
  label: string;
  points: ChartPoint[];
  xDomain: [number, number];
  xTicks: number[];
  formatX: (x: number) => string;
  yDomain: [number, number];
  formatY: (y: number) => string;
  limits?: ChartLimit[];
  marks?: ChartMark[];
  gaps?: ChartGap[];
  height?: number;
  /** Each point is a thing of its own: shown as a dot, with its interval as a whisker. */
  dots?: boolean;
  /** For one of many: no words on limits, few ticks. */
  small?: boolean;
  /** Charts with the same id share what is hovered. */
  syncId?: string;
}
