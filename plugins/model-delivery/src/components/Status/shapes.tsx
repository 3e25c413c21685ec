import type { ReactNode } from 'react';
import type { StatusShape } from '../../words';

const ring = <circle cx="8" cy="8" r="6.25" />;
const dashedRing = <circle cx="8" cy="8" r="6.25" strokeDasharray="2.4 2" />;
const dot = (y: number) => <circle cx="8" cy={y} r=".4" fill="currentColor" />;

/** One shape for each kind of state, told apart without colour. Drawn on 16 × 16. */
export const shapes: Record<StatusShape, ReactNode> = {
  check: (
    <>
      {ring}
      <path d="m5.2 8.2 2 2 3.7-4" />
    </>
  ),
  triangle: (
    <>
      <path d="M8 2.2 14.3 13.2H1.7Z" />
      <path d="M8 6.4v3.2" />
      {dot(11.3)}
    </>
  ),
  octagon: (
    <>
      <path d="M5.4 1.9h5.2l3.5 3.5v5.2l-3.5 3.5H5.4l-3.5-3.5V5.4Z" />
      <path d="m5.9 5.9 4.2 4.2m0-4.2-4.2 4.2" />
    </>
  ),
  half: (
    <>
      {ring}
      <path
        d="M8 1.75a6.25 6.25 0 0 1 0 12.5Z"
        fill="currentColor"
        stroke="none"
      />
    </>
  ),
  clock: (
    <>
      {ring}
      <path d="M8 4.6V8l2.4 1.6" />
    </>
  ),
  person: (
    <>
      <circle cx="6.5" cy="5" r="2.75" />
      <path d="M1.5 13.5c.3-3 2.3-4.3 5-4.3.8 0 1.5.1 2.1.3M10 12l1.6 1.6L14.5 10.5" />
    </>
  ),
  bar: (
    <>
      {ring}
      <path d="M4.8 8h6.4" strokeWidth="2.2" />
    </>
  ),
  question: (
    <>
      {dashedRing}
      <path d="M6.3 6.5c.1-2.2 3.5-2 3.4 0C9.7 7.7 8 7.8 8 9.1" />
      {dot(11.1)}
    </>
  ),
  dash: (
    <>
      {dashedRing}
      <path d="M5.5 8h5" />
    </>
  ),
  stale: (
    <>
      <path d="M2.2 5.2A6.25 6.25 0 1 1 1.8 8.6" />
      <path d="M2 2v3.4h3.4M8 4.9V8l2.1 1.4" />
    </>
  ),
  back: <path d="M5.5 3 2.5 6l3 3M2.7 6h6.8a4 4 0 0 1 0 8H6" />,
  slash: (
    <>
      {ring}
      <path d="m3.8 12.2 8.4-8.4" />
    </>
  ),
  hollow: ring,
};
