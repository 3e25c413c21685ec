import type http from 'node:http';
import type { Route } from './Route';
import type { Split } from './Split';
import type { Side } from './TrafficCounter';

/** Where the requests of one environment can go now. */
export interface Ways {
  live: Route | undefined;
  split: Split | undefined;
}

/** A server that a request is sent to. */
export interface Way {
  side: Side;
  route: Route;
}

/**
 * Where a request goes. A candidate that users see already answers for a live server that ended.
 *
 * @param body - where it was read.
 */
export function wayOf(
  { live, split }: Ways,
  message: http.IncomingMessage,
  body?: Buffer,
): Way | undefined {
  const taken = split?.takes(split.clientOf(message, body));
  return (taken ? candidateOf(split) : liveOf(live)) ?? candidateOf(split);
}

/**
 * Where a request goes whose server ended before it answered. That can be the same address, on which a
 * server is up again.
 */
export function otherWay({ side }: Way, ways: Ways): Way | undefined {
  const live = liveOf(ways.live);
  return side === 'live' ? (candidateOf(ways.split) ?? live) : live;
}

export function liveOf(route: Route | undefined): Way | undefined {
  return route && { side: 'live', route };
}

/** Users do not see a candidate before its share is more than nothing. */
function candidateOf(split: Split | undefined): Way | undefined {
  if (!split || split.weight === 0) return undefined;
  return { side: 'candidate', route: split.candidate };
}
