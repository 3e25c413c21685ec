import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { InferRequest } from '../serving/inference';

const answer = z.looseObject({ id: z.string() });
const TIMEOUT_MS = 5_000;
/** Requests that may be under way to one environment; the next one waits for an answer. */
const IN_FLIGHT = 8;

interface Sending {
  url: string;
  requests: readonly InferRequest[];
  perSecond: number;
  /** How many in all; `Infinity` until the signal is aborted. */
  count: number;
  signal: AbortSignal;
  /** Looked at before each request, which is left out while it is true. */
  isPaused?: () => boolean;
  /** Called with the index of the request and the id of its answer. */
  answered?: (index: number, id: string) => Promise<void>;
}

/**
 * Sends requests one after the other, and begins again after the last one.
 *
 * @throws where the signal is aborted.
 */
export async function sendSteadily(sending: Sending): Promise<void> {
  const { url, requests, signal } = sending;
  const inFlight = new Set<Promise<void>>();
  for (let i = 0; i < sending.count; i += 1) {
    await sleep(1_000 / sending.perSecond, undefined, { signal, ref: false });
    if (sending.isPaused?.()) continue;
    while (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
    const index = i % requests.length;
    const sent = send(url, requests[index], signal).then(id =>
      id === undefined ? undefined : sending.answered?.(index, id),
    );
    inFlight.add(sent);
    sent.then(() => inFlight.delete(sent));
  }
  await Promise.all(inFlight);
}

async function send(
  url: string,
  request: InferRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return idOf(await response.text());
  } catch {
    // The monitors tell how the server does; a replay only sends.
    return undefined;
  }
}

/** @throws where it is not JSON. */
function idOf(body: string): string | undefined {
  return answer.safeParse(JSON.parse(body)).data?.id;
}
