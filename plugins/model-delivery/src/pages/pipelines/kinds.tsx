import {
  type RemixiconComponentType,
  RiCodeSSlashLine,
  RiLineChartLine,
  RiServerLine,
  RiUpload2Line,
} from '@remixicon/react';
import type { Run, RunKind } from '@slipway/plugin-model-delivery-common';

export const RUN_KIND_WORDS: Record<RunKind, string> = {
  ci: 'CI',
  training: 'Training',
  deployment: 'Deployment',
  infrastructure: 'Infrastructure',
};

const ICONS: Record<RunKind, RemixiconComponentType> = {
  ci: RiCodeSSlashLine,
  training: RiLineChartLine,
  deployment: RiUpload2Line,
  infrastructure: RiServerLine,
};

export function RunKindIcon(props: { kind: RunKind; className?: string }) {
  const Icon = ICONS[props.kind];
  return <Icon size={16} className={props.className} aria-hidden />;
}

/** `CI #212`, `Training #209, attempt 2`. */
export const runTitle = (run: Run): string =>
  `${RUN_KIND_WORDS[run.kind]} #${run.number}${
    run.attempt > 1 ? `, attempt ${run.attempt}` : ''
  }`;
