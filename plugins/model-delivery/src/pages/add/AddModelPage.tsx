import { modelAddPermission } from '@slipway/plugin-model-delivery-common';
import { Answer, Face, Page, Permitted, Region } from '../../components';
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
    <Page
      title="Add an existing model"
      intro="Select the systems that hold the model. Slipway only reads from them. You can add missing parts later."
    >
      <Permitted
        permission={modelAddPermission}
        label="Add an existing model"
        to="add models"
      >
        <AddModel />
      </Permitted>
    </Page>
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
      <Region label="Findings" title="Findings">
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
          <Face title="Nothing selected">
            Select a repository or a registered model, a name and an owner. The
            findings appear here.
          </Face>
        )}
      </Region>
      <RegisteredHere />
    </div>
  );
}
