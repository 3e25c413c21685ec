import { CopyField } from '../../components';
import styles from './add.module.css';

/** The entity as the file that would declare it, to be copied. */
export function EntityFile({ content }: { content: string }) {
  return (
    <figure className={styles.file}>
      <figcaption>
        <CopyField
          label="the entity"
          value="catalog-info.yaml"
          text={content}
        />
      </figcaption>
      {/* Scrolls, so it is reached by the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} aria-label="catalog-info.yaml">
        {content}
      </pre>
    </figure>
  );
}
