import type { ReactNode } from 'react';

/**
 * The line icons of our pages, on 16 × 16. Of an icon library a host's build would carry each one
 * that any page uses in what it loads at its start.
 */
export const paths = {
  add: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 5v6M5 8h6" />
    </>
  ),
  back: <path d="M5.5 3 2.5 6l3 3M2.7 6h6.8a4 4 0 0 1 0 8H6" />,
  check: <path d="m3.5 8.5 3 3 6-7" />,
  code: <path d="m5 4-3.5 4L5 12M11 4l3.5 4L11 12" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1" />
      <path d="M10.5 5.5v-3h-8v8h3" />
    </>
  ),
  curve: <path d="M2 13.5V2.5M2 13.5h12M4.5 11c2.5 0 2-6 4-6s1.5 2 5-2.5" />,
  external: <path d="M6.5 3.5h-3v9h9v-3M9.5 2.5h4v4M13.3 2.7 7.5 8.5" />,
  failed: (
    <>
      <path d="M5.4 1.9h5.2l3.5 3.5v5.2l-3.5 3.5H5.4l-3.5-3.5V5.4Z" />
      <path d="m5.9 5.9 4.2 4.2m0-4.2-4.2 4.2" />
    </>
  ),
  left: <path d="M10 4 6 8l4 4" />,
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  more: (
    <>
      <circle cx="3.5" cy="8" r=".9" fill="currentColor" />
      <circle cx="8" cy="8" r=".9" fill="currentColor" />
      <circle cx="12.5" cy="8" r=".9" fill="currentColor" />
    </>
  ),
  plug: <path d="M6 2v3M10 2v3M4 5h8v2.5a4 4 0 0 1-8 0ZM8 11.5V14" />,
  question: (
    <>
      <circle cx="8" cy="8" r="6.25" strokeDasharray="2.4 2" />
      <path d="M6.3 6.5c.1-2.2 3.5-2 3.4 0C9.7 7.7 8 7.8 8 9.1" />
      <circle cx="8" cy="11.1" r=".4" fill="currentColor" />
    </>
  ),
  refresh: <path d="M13.8 8A5.8 5.8 0 1 1 12 3.8M12.3 1.5v2.7H9.6" />,
  right: <path d="m6 4 4 4-4 4" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3.5 3.5" />
    </>
  ),
  server: (
    <>
      <rect x="2" y="2.5" width="12" height="4.5" rx="1" />
      <rect x="2" y="9" width="12" height="4.5" rx="1" />
    </>
  ),
  upload: <path d="M8 10V2.5M4.8 5.5 8 2.3l3.2 3.2M2.5 10v3.5h11V10" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof paths;
