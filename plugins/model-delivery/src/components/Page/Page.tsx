import { QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queryClient } from '../../api';
import { Surface } from '../Surface';
import styles from './Page.module.css';

/** A page of its own, which says what it is for. */
export function Page(props: {
  title: string;
  intro: ReactNode;
  children: ReactNode;
}) {
  return (
    <QueryClientProvider client={queryClient}>
      <Surface page className={styles.page}>
        <header>
          <h2>{props.title}</h2>
          <p className={styles.words}>{props.intro}</p>
        </header>
        {props.children}
      </Surface>
    </QueryClientProvider>
  );
}
