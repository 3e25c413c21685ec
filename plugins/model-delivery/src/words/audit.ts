import type { HistoryEntry } from '@slipway/plugin-model-delivery-common';
import { titleCase } from './names';
import type { StatusLook } from './status';

const OUTCOME: Record<HistoryEntry['outcome'], StatusLook> = {
  asked: { shape: 'hollow', tone: 'muted', word: 'Requested' },
  done: { shape: 'check', tone: 'good', word: 'Done' },
  denied: { shape: 'slash', tone: 'bad', word: 'Denied' },
};

export const auditOutcome = (outcome: HistoryEntry['outcome']): StatusLook =>
  OUTCOME[outcome];

/** The name of an operation, such as `createDeployment`, in words. */
export function auditWhat(what: string): string {
  return titleCase(
    what.replace(/[A-Z]/g, letter => ` ${letter.toLocaleLowerCase('en-US')}`),
  );
}
