import { Select, TextAreaField, TextField } from '@backstage/ui';
import type { SourceDetail } from '@slipway/plugin-model-delivery-common';
import { CandidatePicker } from './CandidatePicker';
import { type Draft, withSuggestions } from './choice';
import { OwnerField } from './OwnerField';

const NONE = 'none';

/** The form: where the model is today, and what the catalog should say of it. */
export function ModelFields(props: {
  draft: Draft;
  sources: SourceDetail[];
  onChange: (draft: Draft) => void;
}) {
  const { draft, sources, onChange } = props;
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  const offering = (capability: SourceDetail['capability']) =>
    sources.filter(s => s.capability === capability && s.offersCandidates);
  const installed = (capability: SourceDetail['capability']) =>
    sources.filter(s => s.capability === capability && s.installed);
  return (
    <>
      <CandidatePicker
        label="Repository"
        description="Slipway shows its pipeline runs."
        sources={offering('pipelines')}
        value={draft.repository}
        onChange={repository =>
          onChange(
            repository
              ? withSuggestions({ ...draft, repository }, repository)
              : { ...draft, repository },
          )
        }
      />
      {draft.repository && (
        <TextField
          label="Workflow"
          description="The file that trains or tests the model; all workflows when empty."
          placeholder="model.yaml"
          size="small"
          value={draft.workflow}
          onChange={workflow => set({ workflow })}
        />
      )}
      <CandidatePicker
        label="Registered model"
        description="Its versions can be compared, deployed and rolled back to."
        sources={offering('versions')}
        value={draft.registered}
        onChange={registered =>
          onChange(
            registered
              ? withSuggestions({ ...draft, registered }, registered)
              : { ...draft, registered },
          )
        }
      />
      <TextField
        label="Name"
        description="The name of the model in the catalog: lower-case letters, digits and dashes."
        size="small"
        isRequired
        value={draft.name}
        onChange={name => set({ name })}
      />
      <OwnerField value={draft.owner} onChange={owner => set({ owner })} />
      <TextAreaField
        label="Description"
        rows={2}
        value={draft.description}
        onChange={description => set({ description })}
      />
      <TextField
        label="Type"
        size="small"
        value={draft.type}
        onChange={type => set({ type })}
      />
      <ProviderSelect
        label="Served by"
        none="Not connected"
        sources={installed('deployments')}
        value={draft.deployments}
        onChange={deployments => set({ deployments })}
      />
      {draft.deployments && (
        <>
          <TextField
            label="Environments"
            description="In promotion order."
            size="small"
            value={draft.environments}
            onChange={environments => set({ environments })}
          />
          <ProviderSelect
            label="Watched by"
            none="Not connected"
            sources={installed('monitors')}
            value={draft.monitors}
            onChange={monitors => set({ monitors })}
          />
        </>
      )}
    </>
  );
}

function ProviderSelect(props: {
  label: string;
  none: string;
  sources: SourceDetail[];
  value: string | null;
  onChange: (provider: string | null) => void;
}) {
  return (
    <Select
      label={props.label}
      size="small"
      value={props.value ?? NONE}
      options={[
        { id: NONE, label: props.none },
        ...props.sources.map(({ provider, title }) => ({
          id: provider,
          label: title,
        })),
      ]}
      onChange={key =>
        props.onChange(key === NONE || key === null ? null : String(key))
      }
    />
  );
}
