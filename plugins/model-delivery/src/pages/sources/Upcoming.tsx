import { useNow } from '../../components';
import { exactTime, relativeTime } from '../../words';

const NEAR_MS = 5000;

/** A moment to come: `in 12 s`, `now` once it is about there. */
export function Upcoming({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exactTime(at)}>
      {Date.parse(at) - now < NEAR_MS ? 'now' : relativeTime(at, now)}
    </time>
  );
}
