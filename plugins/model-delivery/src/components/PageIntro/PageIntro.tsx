import type { ReactNode } from 'react';
import styles from './PageIntro.module.css';

/** What a page of its own is, and what it is for in a sentence. */
export function PageIntro(props: { title: string; children: ReactNode }) {
  return (
    <header>
      <h2>{props.title}</h2>
      <p className={styles.words}>{props.children}</p>
    </header>
  );
}
