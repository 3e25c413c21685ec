export { ChartFigure, LazyChart } from './ChartFigure';
export { FigureHead } from './FigureHead';
export { breakAtGaps, findGaps } from './gaps';
export type * from './types';
