import { Focusable, Tooltip, TooltipTrigger } from '@backstage/ui';
import { exactTime, relativeTime } from '../../words';
import styles from './TimeAgo.module.css';
import { useNow } from './useNow';

/** A moment, relative to now; exact in UTC on hover and focus. */
export function TimeAgo(props: { at: string }) {
  const now = Math.max(useNow(), Date.parse(props.at));
  const relative = relativeTime(props.at, now);
  const exact = exactTime(props.at);
  return (
    <TooltipTrigger delay={300}>
      <Focusable>
        <span
          role="img"
          aria-label={`${relative}, ${exact}`}
          className={styles.time}
        >
          <time dateTime={props.at}>{relative}</time>
        </span>
      </Focusable>
      <Tooltip>{exact}</Tooltip>
    </TooltipTrigger>
  );
}
