import type { IconName } from '../Icon';

export const failedIcon: IconName = 'failed';
export const forbiddenIcon: IconName = 'lock';
export const notConfiguredIcon: IconName = 'plug';
export const noMatchIcon: IconName = 'search';
export const notFoundIcon: IconName = 'question';
