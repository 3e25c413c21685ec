import type { SVGProps } from 'react';
import { type IconName, paths } from './paths';

/** A line icon beside words that say the same. */
export function Icon(props: { name: IconName } & SVGProps<SVGSVGElement>) {
  const { name, ...svg } = props;
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      {...svg}
    >
      {paths[name]}
    </svg>
  );
}
