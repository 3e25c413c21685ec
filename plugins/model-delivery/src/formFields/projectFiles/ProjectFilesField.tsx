import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { ScrollBox } from '../../components/ScrollBox';
import { Steps } from '../../components/Steps';
import { Surface } from '../../components/Surface';
import { count } from '../../words';
import { filesFor, type ProjectFile } from './filesFor';
import styles from './ProjectFilesField.module.css';

type Options = { files?: ProjectFile[]; then?: string[] };

/** Lists the files that will be made of the answers so far, and what happens then. */
export function ProjectFilesField(
  props: FieldExtensionComponentProps<null, Options>,
) {
  const options = (props.uiSchema?.['ui:options'] ?? {}) as Options;
  const { formData: answers = {} } = (props.formContext ?? {}) as {
    formData?: Record<string, unknown>;
  };
  const files = filesFor(options.files ?? [], answers);
  return (
    <Surface className={styles.made}>
      <section aria-label="Files to be created">
        <div className={styles.head}>
          <h3>Files to be created</h3>
          <span className={styles.count}>{count(files.length, 'file')}</span>
        </div>
        <ScrollBox label="Files" className={styles.files}>
          <ul>
            {files.map(file => (
              <li key={file.path} className={styles.file}>
                <code className={styles.path}>{file.path}</code>
                <span className={styles.about}>{file.about}</span>
              </li>
            ))}
          </ul>
        </ScrollBox>
      </section>
      {options.then && (
        <section aria-label="Next steps">
          <div className={styles.head}>
            <h3>Next steps</h3>
          </div>
          <Steps steps={options.then.map(text => ({ text }))} />
        </section>
      )}
    </Surface>
  );
}
