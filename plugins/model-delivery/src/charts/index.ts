export { ChartFigure, LazyChart } from './ChartFigure';
export { breakAtGaps, findGaps } from './gaps';
export type * from './types';
