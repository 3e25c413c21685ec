import type { Evidence } from '@slipway/plugin-model-delivery-common/schema';
import type { GateInput } from './gateInput';
import type { Basis } from './verdict';

/** Where nothing was observed. The run that built the version is where a person looks first. */
export const nothingObserved = (input: GateInput): Basis => ({
  observed: null,
  observedAt: null,
  source: null,
  runId: input.version.runId,
});

/** A fact of the version itself, as its registry recorded it. */
export const fromRegistry = (input: GateInput, observed: string): Basis => ({
  observed,
  observedAt: input.version.createdAt,
  source: input.registry === null ? 'registry' : `registry ${input.registry}`,
  runId: input.version.runId,
});

/** A fact of one report about the version. */
export const fromEvidence = (
  input: GateInput,
  evidence: Evidence,
  observed: string | null,
): Basis => ({
  observed,
  observedAt: evidence.at,
  source: reportName(evidence),
  runId: evidence.runId ?? input.version.runId,
});

/** A fact of the environments: which version was live, and from when. */
export const fromHistory = (
  observed: string | null,
  observedAt: string | null,
): Basis => ({
  observed,
  observedAt,
  source: 'deployment history',
  runId: null,
});

/** A fact that the entity declares. */
export const fromEntity = (): Basis => ({
  observed: null,
  observedAt: null,
  source: 'catalog entity',
  runId: null,
});

/** As sentences name a report. */
export function reportName(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'tests':
      return `${evidence.suite} test report`;
    case 'data-validation':
      return 'data validation report';
    case 'report':
      return `${evidence.name} report`;
    case 'model-card':
      return 'model card';
    case 'signature':
      return 'signature';
    default:
      return `${evidence.kind} report`;
  }
}
