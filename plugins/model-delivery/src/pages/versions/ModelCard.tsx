import { MarkdownContent } from '@backstage/core-components';
import { useModelQuery } from '../../api';
import { Answer, Region, ScrollBox } from '../../components';
import { cardText } from './cardText';
import styles from './ModelCard.module.css';

/** The card as its author wrote it: text and links, nothing that runs or loads. */
export default function ModelCard(props: { version: string }) {
  const query = useModelQuery(
    'getVersionCard',
    { params: { version: props.version } },
    { immutable: true },
  );
  return (
    <Region label="Model card" title="Model card">
      <Answer query={query} what="model card">
        {card => (
          <ScrollBox label="Text of the model card">
            <MarkdownContent
              className={styles.card}
              dialect="gfm"
              linkTarget="_blank"
              content={cardText(card)}
              transformImageUri={() => ''}
            />
          </ScrollBox>
        )}
      </Answer>
    </Region>
  );
}
