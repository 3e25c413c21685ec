import { useState } from 'react';
import { type Draft, EMPTY_DRAFT } from './choice';

/** Outlives the page: a host may draw it anew, and people look elsewhere and come back. */
let kept = EMPTY_DRAFT;

export function useKeptDraft(): [Draft, (draft: Draft) => void] {
  const [draft, setDraft] = useState(kept);
  return [
    draft,
    next => {
      kept = next;
      setDraft(next);
    },
  ];
}

/** The next visit begins with an empty form. */
export function forgetDraft(): void {
  kept = EMPTY_DRAFT;
}
