import type { KeyboardEvent } from 'react';

/** Arrows walk the buttons of what has this as its `onKeyDown`, round at both ends. */
export function walkButtons(
  event: KeyboardEvent<HTMLElement>,
  keys: { back: string; forth: string },
): void {
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const here = buttons.findIndex(button => button === document.activeElement);
  const to = {
    [keys.back]: (here - 1 + buttons.length) % buttons.length,
    [keys.forth]: (here + 1) % buttons.length,
    Home: 0,
    End: buttons.length - 1,
  }[event.key];
  if (to === undefined || buttons.length === 0) return;
  buttons[to].focus();
  event.preventDefault();
}
