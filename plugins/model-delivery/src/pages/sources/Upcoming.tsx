import { useNow } from '../../components';
import { exactTime, relativeTime } from '../../words';

/** A moment to come: `in 12 s`, `now` once it is there. */
export function Upcoming({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exactTime(at)}>
      {Date.parse(at) <= now ? 'now' : relativeTime(at, now)}
    </time>
  );
}
