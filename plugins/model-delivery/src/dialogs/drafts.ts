import { useState } from 'react';

const drafts = new Map<string, string>();

/** Text that survives its dialog: what was typed for the same thing is there again. */
export function useDraft(key: string) {
  const [text, setText] = useState(drafts.get(key) ?? '');
  return {
    text,
    write: (next: string) => {
      drafts.set(key, next);
      setText(next);
    },
    forget: () => {
      drafts.delete(key);
    },
  };
}
