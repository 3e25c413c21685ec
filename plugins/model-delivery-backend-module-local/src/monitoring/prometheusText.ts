/** One line of the text that Prometheus scrapes. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Text that is not in Prometheus's format; the message says in which line. */
export class PrometheusTextError extends Error {
  readonly name = 'PrometheusTextError';
}

const LINE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?[ \t]*$/;
const LABEL =
  /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,|$)/y;

/**
 * Parses the text exposition format, version 0.0.4, into its samples. Help, types and time stamps
 * are left out.
 *
 * @throws PrometheusTextError
 */
export function parsePrometheusText(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const match = LINE.exec(line);
    const value = match && parseValue(match[3]);
    const labels = match && parseLabels((match[2] ?? '').trim());
    if (!match || value === undefined || value === null || !labels) {
      throw new PrometheusTextError(
        `Line ${index + 1} of the metrics is not understood: ${JSON.stringify(
          line.slice(0, 100),
        )}.`,
      );
    }
    samples.push({ name: match[1], labels, value });
  }
  return samples;
}

function parseLabels(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  let end = 0;
  while (end < text.length) {
    const match = LABEL.exec(text);
    if (!match) return undefined;
    labels[match[1]] = match[2].replace(/\\(.)/g, (_, c) =>
      c === 'n' ? '\n' : c,
    );
    end = LABEL.lastIndex;
  }
  return labels;
}

function parseValue(text: string): number | undefined {
  if (text === '+Inf' || text === 'Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  if (text === 'NaN') return NaN;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}
