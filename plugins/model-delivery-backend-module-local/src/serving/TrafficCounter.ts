import type {
  TrafficComparison,
  TrafficStats,
} from '@slipway/plugin-model-delivery-common/schema';

const SLOT_MS = 10_000;
const SLOTS = 24 * 360;
/** Durations are kept to within 5 %. */
const BASE = Math.log(1.05);
const SHARE = 0.95;
/** Two-sided, 95 %. */
const Z = 1.96;
/** Further names of predictions are counted together. */
const NAMES = 50;

export type Side = 'candidate' | 'live';

/** One request that a server answered, or failed to. */
export interface Answered {
  side: Side;
  ok: boolean;
  ms: number;
  /** Names of what was predicted. */
  predictions: string[];
}

interface Counts {
  requests: number;
  errors: number;
  /** By the logarithm of the duration. */
  durations: Map<number, number>;
  predictions: Map<string, number>;
}

interface Slot {
  from: number;
  /** Infinity while it is filled. */
  to: number;
  candidate: Counts;
  live: Counts;
  compared: number;
  agreed: number;
}

/**
 * What the candidate and the live version of an environment answered, in slots of ten seconds over the
 * last day. A slot ends whenever the traffic shifts, so no step counts the requests of another.
 */
export class TrafficCounter {
  readonly #slots: Slot[] = [];
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  add(answered: Answered): void {
    const counts = this.#current()[answered.side];
    counts.requests += 1;
    if (!answered.ok) counts.errors += 1;
    count(counts.durations, Math.round(Math.log(answered.ms + 0.001) / BASE));
    for (const name of answered.predictions) {
      const known = counts.predictions.has(name);
      const room = known || counts.predictions.size < NAMES;
      count(counts.predictions, room ? name : 'others');
    }
  }

  /** Of one mirrored request, which both servers answered. */
  compare(alike: boolean): void {
    const slot = this.#current();
    slot.compared += 1;
    if (alike) slot.agreed += 1;
  }

  /** What is counted from now on belongs to another split. */
  cut(): void {
    const last = this.#slots.at(-1);
    if (last?.to === Infinity) last.to = this.#now();
  }

  /** @param from, to - milliseconds since 1970. */
  between(from: number, to: number): TrafficComparison {
    const slots = this.#slots.filter(slot => slot.to > from && slot.from < to);
    const sum = (of: (slot: Slot) => number) =>
      slots.reduce((total, slot) => total + of(slot), 0);
    const compared = sum(slot => slot.compared);
    return {
      candidate: statsOf(slots.map(({ candidate }) => candidate)),
      live: statsOf(slots.map(({ live }) => live)),
      agreement:
        compared > 0 ? { compared, agreed: sum(slot => slot.agreed) } : null,
    };
  }

  #current(): Slot {
    const now = this.#now();
    const last = this.#slots.at(-1);
    if (last && last.to === Infinity && now < last.from + SLOT_MS) return last;
    this.cut();
    const slot: Slot = {
      from: now,
      to: Infinity,
      candidate: noCounts(),
      live: noCounts(),
      compared: 0,
      agreed: 0,
    };
    this.#slots.push(slot);
    if (this.#slots.length > SLOTS) this.#slots.shift();
    return slot;
  }
}

function noCounts(): Counts {
  return {
    requests: 0,
    errors: 0,
    durations: new Map(),
    predictions: new Map(),
  };
}

function count<K>(counts: Map<K, number>, key: K, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function statsOf(parts: Counts[]): TrafficStats {
  const durations = new Map<number, number>();
  const predictions = new Map<string, number>();
  for (const part of parts) {
    for (const [key, n] of part.durations) count(durations, key, n);
    for (const [key, n] of part.predictions) count(predictions, key, n);
  }
  return {
    requests: parts.reduce((sum, { requests }) => sum + requests, 0),
    errors: parts.reduce((sum, { errors }) => sum + errors, 0),
    ...p95Of(durations),
    predictions: Object.fromEntries(predictions),
  };
}

/** The percentile and its interval, which is that of the order statistics around it. */
function p95Of(
  durations: Map<number, number>,
): Pick<TrafficStats, 'p95Ms' | 'p95RangeMs'> {
  const sorted = [...durations].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, n]) => sum + n, 0);
  if (total === 0) return { p95Ms: null, p95RangeMs: null };
  const at = (rank: number): number => {
    let seen = 0;
    const [key] = sorted.find(([, n]) => (seen += n) >= rank) ?? sorted.at(-1)!;
    return Math.round(Math.exp(key * BASE) * 1_000) / 1_000;
  };
  const spread = Z * Math.sqrt(total * SHARE * (1 - SHARE));
  return {
    p95Ms: at(SHARE * total),
    p95RangeMs: {
      low: at(SHARE * total - spread),
      high: at(SHARE * total + spread),
    },
  };
}
