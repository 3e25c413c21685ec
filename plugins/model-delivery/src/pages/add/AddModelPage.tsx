import { usePermission } from '@backstage/plugin-permission-react';
import { modelAddPermission } from '@slipway/plugin-model-delivery-common';
import { QueryClientProvider } from '@tanstack/react-query';
import { queryClient } from '../../api';
import { Answer, Face, PageIntro, Region, Surface } from '../../components';
import { useSources } from '../sources/useSources';
import styles from './add.module.css';
import { choiceOf } from './choice';
import { EntityFile } from './EntityFile';
import { Findings } from './Findings';
import { ModelFields } from './ModelFields';
import { Outcome } from './Outcome';
import { RegisteredHere } from './RegisteredHere';
import { useKeptDraft } from './useKeptDraft';
import { usePreview, useRested } from './useOnboarding';

/** Puts a model that exists already into the catalog. */
export function AddModelPage() {
  return (
    <QueryClientProvider client={queryClient}>
      <Surface page className={styles.page}>
        <PageIntro title="Add an existing model">
          Pick where the model is today. Nothing there is changed: the portal
          reads what is found, and what is missing can come later.
        </PageIntro>
        <Allowed />
      </Surface>
    </QueryClientProvider>
  );
}

function Allowed() {
  const { loading, allowed } = usePermission({
    permission: modelAddPermission,
  });
  if (loading) return null;
  return allowed ? (
    <AddModel />
  ) : (
    <Region label="Add an existing model">
      <Face icon="lock" title="You may not add models">
        Those who look after the portal can give you the permission{' '}
        <code>{modelAddPermission.name}</code>.
      </Face>
    </Region>
  );
}

function AddModel() {
  const sources = useSources();
  const [draft, setDraft] = useKeptDraft();
  const choice = choiceOf(useRested(draft));
  const preview = usePreview(choice);
  return (
    <div className={styles.columns}>
      <Region label="The model" title="The model" className={styles.form}>
        <Answer query={sources} what="sources">
          {({ items }) => (
            <ModelFields draft={draft} sources={items} onChange={setDraft} />
          )}
        </Answer>
      </Region>
      <Region label="What was found" title="What was found">
        {choice ? (
          <Answer query={preview} what="findings">
            {answer => (
              <>
                <Findings findings={answer.findings} />
                <EntityFile content={answer.entityFile} />
                <Outcome
                  key={JSON.stringify(choice)}
                  choice={choice}
                  preview={answer}
                />
              </>
            )}
          </Answer>
        ) : (
          <Face title="Nothing is chosen yet">
            Pick a repository or a registered model, a name and an owner; what
            they have shows here at once.
          </Face>
        )}
      </Region>
      <RegisteredHere />
    </div>
  );
}
