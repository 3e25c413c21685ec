import type { z } from 'zod';
import type { ReportedGate } from './envelope';
import type { TestCounts } from './junit';
import type {
  dataValidationReport,
  evaluationReport,
  performanceReport,
} from './schemas';

/** One sentence for a page: no line breaks, of a length that people read. */
export function sentence(value: string): string {
  const flat = value
    .replace(/\s+/g, ' ')
    .replaceAll('>=', '≥')
    .replaceAll('<=', '≤')
    .trim();
  return flat.length > 400 ? `${flat.slice(0, 399)}…` : flat;
}

export function summariseTests(counts: TestCounts): string {
  const parts = [
    counts.failed > 0 && `${counts.failed} failed`,
    `${counts.passed} passed`,
    counts.skipped > 0 && `${counts.skipped} skipped`,
  ].filter(Boolean);
  const first = counts.failures[0];
  return sentence(
    `${parts.join(', ')}${
      first ? `: ${first.name}: ${first.message.split('\n')[0]}` : ''
    }`,
  );
}

export function summariseData(
  report: z.infer<typeof dataValidationReport>,
): string {
  const broken = report.checks.filter(check => !check.pass);
  if (broken.length === 0) return `${report.checks.length} checks passed`;
  const [first] = broken;
  return sentence(
    `${broken.length} of ${report.checks.length} checks failed: ${first.id}${
      first.column ? ` of ${first.column}` : ''
    } is ${JSON.stringify(first.observed)}, expected ${JSON.stringify(
      first.expected,
    )}`,
  );
}

/** The weightiest reason; the others are in the report, and as many as they are. */
function firstOf([first, ...others]: string[]): string {
  if (others.length === 0) return first;
  return `${first}, and ${others.length} more reason${
    others.length > 1 ? 's' : ''
  }`;
}

export function summariseEvaluation(
  report: z.infer<typeof evaluationReport>,
): string {
  if (report.decision !== 'promote' && report.reasons.length > 0) {
    return sentence(firstOf(report.reasons));
  }
  const telling =
    report.gates.find(gate => gate.limit !== null && gate.observed !== null) ??
    report.gates[0];
  if (telling) return gateSentence(telling);
  const [first] = report.overall;
  return first?.candidate === null || first === undefined
    ? `decided to ${report.decision}`
    : sentence(`${first.metric} ${round(first.candidate)}`);
}

export function summarisePerformance(
  report: z.infer<typeof performanceReport>,
): string {
  if (!report.valid) {
    return sentence(
      `This machine was too noisy to compare speeds${
        report.ab?.aaP50Ratio
          ? `: the model against itself gave a ratio of ${round(
              report.ab.aaP50Ratio,
            )} instead of 1`
          : ''
      }`,
    );
  }
  const broken = report.gates.find(gate => gate.pass === false);
  if (broken) return gateSentence(broken);
  if (report.status === 'fail' && report.reasons.length > 0) {
    return sentence(firstOf(report.reasons));
  }
  const p50 = report.latencyMs?.p50;
  const ratio = report.ab?.p50Ratio;
  return sentence(
    [
      p50 !== null && p50 !== undefined && `p50 ${round(p50)} ms`,
      ratio !== null &&
        ratio !== undefined &&
        `${round(ratio)} times that of ${
          report.ab?.baselineVersion ?? 'the champion'
        }`,
      report.rssMb !== null && `${round(report.rssMb)} MB of memory`,
    ]
      .filter(Boolean)
      .join(', '),
  );
}

function gateSentence(gate: ReportedGate): string {
  if (gate.reason) return sentence(gate.reason);
  return sentence(
    gate.observed === null
      ? gate.rule
      : `${round(gate.observed)}: ${gate.rule}`,
  );
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
