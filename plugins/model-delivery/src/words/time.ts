import { DateTime, Duration } from 'luxon';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** `12 min ago`, `6 d ago`, `in 5 min`; the last seconds are `just now`. */
export function relativeTime(iso: string, now: number = Date.now()): string {
  const ms = now - Date.parse(iso);
  if (Math.abs(ms) < 5000) return 'just now';
  const span = roundSpan(Math.abs(ms));
  return ms > 0 ? `${span} ago` : `in ${span}`;
}

/** `23 Nov 2026, 14:20:08 UTC`. */
export function exactTime(iso: string): string {
  return `${DateTime.fromISO(iso, { zone: 'utc' }).toFormat(
    'd LLL yyyy, HH:mm:ss',
  )} UTC`;
}

/** `23 Nov 2026, 14:20 UTC`, for a moment that is to come. */
export function minuteTime(iso: string): string {
  return `${DateTime.fromISO(iso, { zone: 'utc' }).toFormat(
    'd LLL yyyy, HH:mm',
  )} UTC`;
}

/** `14:20:08` in UTC, for the lines of a log. */
export function clockTime(iso: string): string {
  return DateTime.fromISO(iso, { zone: 'utc' }).toFormat('HH:mm:ss');
}

/** The biggest unit alone: `6 d`, `12 min`. */
export function roundSpan(ms: number): string {
  const [unit, size] = UNITS.find(([, u]) => ms >= u) ?? UNITS[3];
  return `${Math.floor(ms / size)} ${unit}`;
}

/** Two units where the second says something: `6 d 22 h`, `8 min 42 s`, `0.4 s`. */
export function formatSpan(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms / 100) / 10)} s`;
  const index = UNITS.findIndex(([, size]) => ms >= size);
  const [unit, size] = UNITS[index];
  const whole = Math.floor(ms / size);
  const next = UNITS[index + 1];
  const rest = next ? Math.floor((ms - whole * size) / next[1]) : 0;
  return rest > 0 ? `${whole} ${unit} ${rest} ${next[0]}` : `${whole} ${unit}`;
}

/** How long something ran, up to now while it still does; null before it began. */
export function spanBetween(
  start: string | null,
  end: string | null,
  now: number = Date.now(),
): number | null {
  if (!start) return null;
  return Math.max(0, (end ? Date.parse(end) : now) - Date.parse(start));
}

/** `1:05` on the axis of a run. */
export function axisClock(ms: number): string {
  return Duration.fromMillis(ms).toFormat(ms >= 3_600_000 ? 'h:mm:ss' : 'm:ss');
}

/** A label for a moment on an axis that spans `range` milliseconds. */
export function axisTime(ms: number, range: number): string {
  const at = DateTime.fromMillis(ms, { zone: 'utc' });
  if (range > 2 * 86_400_000) return at.toFormat('d LLL');
  return at.toFormat(range < 600_000 ? 'HH:mm:ss' : 'HH:mm');
}
