import type { LogChunk } from '@slipway/plugin-model-delivery-common';
import { useMemo, useState } from 'react';
import { plainText } from './ansi';

/** Finds text in all lines that are known, and goes from hit to hit. */
export function useFind(lines: LogChunk['lines']) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const hits = useMemo(() => {
    const wanted = text.trim().toLocaleLowerCase('en-US');
    if (wanted === '') return [];
    return lines
      .filter(line =>
        plainText(line.text).toLocaleLowerCase('en-US').includes(wanted),
      )
      .map(line => line.n);
  }, [lines, text]);
  return {
    text,
    write: (next: string) => {
      setText(next);
      setAt(0);
    },
    next: () => setAt(known => (hits.length ? (known + 1) % hits.length : 0)),
    found: hits[at] ?? null,
    words:
      text.trim() === '' ? '' : `${hits.length ? at + 1 : 0} of ${hits.length}`,
  };
}
