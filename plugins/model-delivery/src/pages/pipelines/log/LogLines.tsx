import type { LogChunk } from '@slipway/plugin-model-delivery-common';
import clsx from 'clsx';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { clockTime } from '../../../words';
import { parseLine } from './ansi';
import styles from './LogLines.module.css';

const LINE = 20;
const AHEAD = 20;

/**
 * The lines of a log, of which only those in sight are drawn. The viewer of core-components
 * scrolls to the end with every new line, so that nobody could read a log that still grows.
 */
export function LogLines(props: {
  label: string;
  lines: LogChunk['lines'];
  follow: boolean;
  onFollowChange: (follow: boolean) => void;
  times: boolean;
  /** Line number that the address names, or that was found. */
  marked: number | null;
  found: number | null;
  lineHref: (n: number) => string;
  onMark: (n: number) => void;
  onFind: () => void;
}) {
  const { lines, follow, onFollowChange, marked, found } = props;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const height = box.current?.clientHeight || 560;
  const first = Math.max(0, Math.floor(top / LINE) - AHEAD);
  const shown = lines.slice(
    first,
    first + Math.ceil(height / LINE) + 2 * AHEAD,
  );

  useLayoutEffect(() => {
    if (follow && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
      setTop(box.current.scrollTop);
    }
  }, [follow, lines.length]);

  const target = found ?? marked;
  const targetIndex =
    target === null ? -1 : lines.findIndex(line => line.n === target);
  useEffect(() => {
    if (targetIndex >= 0 && box.current) {
      box.current.scrollTop = Math.max(
        0,
        targetIndex * LINE - box.current.clientHeight / 2,
      );
    }
  }, [targetIndex]);

  /* eslint-disable jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex --
     what scrolls must be reachable by keyboard */
  return (
    <div
      ref={box}
      className={styles.log}
      role="log"
      aria-live="off"
      aria-label={props.label}
      tabIndex={0}
      onScroll={({ currentTarget: log }) => {
        const up = log.scrollTop < top;
        setTop(log.scrollTop);
        if (follow && up) onFollowChange(false);
      }}
      onKeyDown={event => {
        if (event.key === 'f' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          props.onFind();
        }
      }}
    >
      <div style={{ height: lines.length * LINE }} />
      {shown.map((line, index) => (
        <div
          key={line.n}
          className={clsx(
            styles.line,
            line.n === marked && styles.marked,
            line.n === found && styles.found,
          )}
          style={{ top: (first + index) * LINE }}
        >
          <a
            className={styles.number}
            href={props.lineHref(line.n)}
            aria-label={`Line ${line.n}`}
            onClick={event => {
              event.preventDefault();
              props.onMark(line.n);
            }}
          >
            {line.n}
          </a>
          {props.times && line.at && (
            <span className={styles.time}>{clockTime(line.at)}</span>
          )}
          <span>
            {parseLine(line.text).map((span, part) => (
              <span key={part} className={styles[span.color]}>
                {span.text}
              </span>
            ))}
          </span>
        </div>
      ))}
    </div>
  );
}
