import { Button } from '@backstage/ui';
import type { VersionComparison } from '@slipway/plugin-model-delivery-common';
import { useState } from 'react';
import { diffParams } from './diffParams';
import styles from './ParamsDiff.module.css';
import own from './versions.module.css';

const CLASSES = { '-': styles.gone, '+': styles.come, ' ': styles.same };

/** Which parameters differ between the first version and the last. */
export function ParamsDiff(props: { params: VersionComparison['params'] }) {
  const { params } = props;
  const [all, setAll] = useState(false);
  if (params.length === 0) return null;
  const lines = diffParams(params, { all });
  return (
    <div>
      <div className={styles.head}>
        <h3>Parameters</h3>
        <span className={own.small}>
          {params.filter(param => param.differs).length} of {params.length}{' '}
          differ
        </span>
        <Button size="small" variant="tertiary" onPress={() => setAll(!all)}>
          {all ? 'Show differences' : 'Show all'}
        </Button>
      </div>
      {lines.length === 0 ? (
        <p className={own.small}>All are the same.</p>
      ) : (
        <div className={styles.diff}>
          {lines.map((line, index) => (
            <div key={index} className={`${styles.line} ${CLASSES[line.sign]}`}>
              {line.sign} {line.text}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
