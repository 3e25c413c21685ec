import type { SVGProps } from 'react';

/** Four points of one net. Drawn here so that a host loads no icon library for it. */
export const ModelIcon = (props: SVGProps<SVGSVGElement>) => (
  <svg
    viewBox="0 0 16 16"
    width="1em"
    height="1em"
    aria-hidden="true"
    {...props}
    fill="none"
    stroke="currentColor"
    strokeWidth="1.5"
    strokeLinecap="round"
  >
    <circle cx="3.5" cy="4" r="1.5" />
    <circle cx="3.5" cy="12" r="1.5" />
    <circle cx="12.5" cy="8" r="1.5" />
    <circle cx="8" cy="8" r="1.5" />
    <path d="M4.7 5 6.9 7M4.7 11l2.2-2M9.5 8H11" />
  </svg>
);

export const modelIcon = <ModelIcon />;
