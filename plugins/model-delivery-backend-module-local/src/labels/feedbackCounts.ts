/** As the server of a project counts them. */
export const OUTCOMES = [
  'correct',
  'incorrect',
  'close',
  'far',
  'unknown-id',
  'malformed',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

const FAMILY = 'model_feedback_total';

const isOfFamily = (line: string) =>
  line.startsWith(`${FAMILY}{`) ||
  line.startsWith(`# HELP ${FAMILY} `) ||
  line.startsWith(`# TYPE ${FAMILY} `);

/** Labels by environment and outcome, since the engine started. */
export class FeedbackCounts {
  readonly #byKey = new Map<string, Map<Outcome, number>>();

  add(key: string, outcome: Outcome): void {
    const counts = this.#byKey.get(key) ?? new Map<Outcome, number>();
    this.#byKey.set(key, counts);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }

  /**
   * The metrics of a server with the labels that came in for its environment. A server counts only those
   * of predictions that it made itself, and receives none of them.
   */
  addTo(key: string, metrics: string): string {
    const counts = this.#byKey.get(key);
    const lines = metrics
      .split('\n')
      .filter(line => line !== '' && !isOfFamily(line));
    const own = OUTCOMES.map(
      outcome => `${FAMILY}{outcome="${outcome}"} ${counts?.get(outcome) ?? 0}`,
    );
    return [
      ...lines,
      `# HELP ${FAMILY} Labels that came back.`,
      `# TYPE ${FAMILY} counter`,
      ...own,
      '',
    ].join('\n');
  }
}
