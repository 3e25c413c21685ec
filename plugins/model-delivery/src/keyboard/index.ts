export { useShortcut } from './useShortcut';
export { walkButtons } from './walkButtons';
