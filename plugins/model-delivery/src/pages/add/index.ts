export { AddModelPage } from './AddModelPage';
