import {
  type RemixiconComponentType,
  RiErrorWarningLine,
  RiInboxLine,
  RiLockLine,
  RiPlugLine,
  RiQuestionLine,
  RiSearchLine,
} from '@remixicon/react';

export type IconComponent = RemixiconComponentType;

export const emptyIcon = RiInboxLine;
export const failedIcon = RiErrorWarningLine;
export const forbiddenIcon = RiLockLine;
export const notConfiguredIcon = RiPlugLine;
export const noMatchIcon = RiSearchLine;
export const notFoundIcon = RiQuestionLine;
