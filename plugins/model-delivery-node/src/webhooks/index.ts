/** What modules that receive webhooks report of them. */
export { type Hint, Hints } from './Hints';
