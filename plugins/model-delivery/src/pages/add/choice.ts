import type {
  Candidate,
  ModelChoice,
  ProviderTarget,
} from '@slipway/plugin-model-delivery-common';

/** What was picked and typed so far; nothing of it is lost while something else changes. */
export interface Draft {
  repository: Candidate | null;
  workflow: string;
  registered: Candidate | null;
  name: string;
  owner: string;
  description: string;
  type: string;
  lifecycle: string;
  /** Id of the provider that serves the model. */
  deployments: string | null;
  environments: string;
  /** Id of the provider that watches it. */
  monitors: string | null;
}

export const EMPTY_DRAFT: Draft = {
  repository: null,
  workflow: '',
  registered: null,
  name: '',
  owner: '',
  description: '',
  type: 'classification',
  lifecycle: 'production',
  deployments: null,
  environments: 'staging, production',
  monitors: null,
};

/** Takes over what a candidate suggests, where the person has typed nothing. */
export function withSuggestions(draft: Draft, candidate: Candidate): Draft {
  return {
    ...draft,
    name: draft.name || catalogNameOf(candidate),
    owner: draft.owner || (candidate.suggests.owner ?? ''),
    description: draft.description || (candidate.description ?? ''),
  };
}

function catalogNameOf({ suggests, title }: Candidate): string {
  const name = suggests.name ?? title.split('/').at(-1) ?? '';
  return name
    .toLocaleLowerCase('en-US')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
}

const withWorkflow = (
  target: ProviderTarget,
  workflow: string,
): ProviderTarget =>
  workflow.trim() ? { ...target, workflow: workflow.trim() } : target;

/** The request of a draft, or null while something that it must have is missing. */
export function choiceOf(draft: Draft): ModelChoice | null {
  const { repository, registered, workflow, deployments, monitors } = draft;
  if (!draft.name || !draft.owner || (!repository && !registered)) return null;
  const names = draft.environments
    .split(/[\s,]+/)
    .map(name => name.toLocaleLowerCase('en-US'))
    .filter(Boolean);
  return {
    name: draft.name,
    namespace: 'default',
    owner: draft.owner,
    description: draft.description,
    type: draft.type,
    lifecycle: draft.lifecycle,
    annotations: {
      ...registered?.suggests.annotations,
      ...repository?.suggests.annotations,
    },
    ...(repository && {
      pipelines: withWorkflow(repository.target, workflow),
    }),
    ...(registered && { versions: registered.target }),
    ...(deployments &&
      names.length > 0 && {
        environments: { names, target: { provider: deployments } },
        ...(monitors && { monitors }),
      }),
  };
}
