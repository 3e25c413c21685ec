import clsx from 'clsx';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import styles from './ScrollBox.module.css';

/** Holds what may be larger than its place. The keyboard reaches it only while there is more to see. */
export function ScrollBox(props: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === 'undefined') return undefined;
    const watch = new ResizeObserver(() =>
      setScrolls(
        element.scrollWidth > element.clientWidth ||
          element.scrollHeight > element.clientHeight,
      ),
    );
    watch.observe(element);
    for (const child of element.children) watch.observe(child);
    return () => watch.disconnect();
  }, []);
  return (
    <div
      ref={box}
      className={clsx(styles.box, props.className)}
      {...(scrolls
        ? { role: 'group', 'aria-label': props.label, tabIndex: 0 }
        : {})}
    >
      {props.children}
    </div>
  );
}
