import { Button, Link } from '@backstage/ui';
import type {
  ModelChoice,
  ModelPreview,
} from '@slipway/plugin-model-delivery-common';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { Notice } from '../../components';
import { describeError } from '../../words';
import styles from './add.module.css';
import { forgetDraft } from './useKeptDraft';
import { useAddModel } from './useOnboarding';

/** An address from outside is a link only if it is a page. */
const safe = (url: string): string | null =>
  /^https?:\/\//i.test(url) ? url : null;

/** What can be done with the entity, and what came of it. */
export function Outcome(props: { choice: ModelChoice; preview: ModelPreview }) {
  const { choice, preview } = props;
  const propose = useAddModel('proposeModel');
  const register = useAddModel('registerModel');
  const entityLink = useEntityRefLink();
  const error = propose.error ?? register.error;
  const url =
    propose.data && 'url' in propose.data ? safe(propose.data.url) : null;
  return (
    <div className={styles.outcome}>
      <div className={styles.actions}>
        <Button
          variant="primary"
          isDisabled={!preview.canPropose}
          isPending={propose.isPending}
          onPress={() => propose.mutate(choice, { onSuccess: forgetDraft })}
        >
          Open pull request
        </Button>
        <Button
          variant="secondary"
          isPending={register.isPending}
          onPress={() => register.mutate(choice, { onSuccess: forgetDraft })}
        >
          Register
        </Button>
      </div>
      <p className={styles.hint}>
        {preview.canPropose
          ? 'A pull request stores the entity with the code, where it is reviewed. A registered entity is stored in Slipway until a file declares it.'
          : 'The registered entity is stored in Slipway until a file declares it. Select a repository to propose the file there instead.'}
      </p>
      <div aria-live="polite">
        {error && (
          <Notice tone="bad" shape="octagon">
            {describeError(error).message}
          </Notice>
        )}
        {url && (
          <Notice tone="good" shape="check">
            The pull request is open: <Link href={url}>{url}</Link>
          </Notice>
        )}
        {register.data && (
          <Notice tone="good" shape="check">
            Registered. The model appears in the catalog within a minute:{' '}
            <Link href={entityLink(preview.entityRef)}>
              {preview.entityRef}
            </Link>
          </Notice>
        )}
      </div>
    </div>
  );
}
