import type { Run, RunKind } from '@slipway/plugin-model-delivery-common';
import { Icon, type IconName } from '../../components';

export const RUN_KIND_WORDS: Record<RunKind, string> = {
  ci: 'CI',
  training: 'Training',
  deployment: 'Deployment',
  infrastructure: 'Infrastructure',
};

const ICONS: Record<RunKind, IconName> = {
  ci: 'code',
  training: 'curve',
  deployment: 'upload',
  infrastructure: 'server',
};

export function RunKindIcon(props: { kind: RunKind }) {
  return <Icon name={ICONS[props.kind]} />;
}

/** `CI #212`, `Training #209, attempt 2`. */
export const runTitle = (run: Run): string =>
  `${RUN_KIND_WORDS[run.kind]} #${run.number}${
    run.attempt > 1 ? `, attempt ${run.attempt}` : ''
  }`;
