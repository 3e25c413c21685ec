/** What provider modules ask outside systems with. */
export {
  parseTarget,
  UpstreamClient,
  type UpstreamAuth,
  type UpstreamOptions,
  type UpstreamRequest,
} from './UpstreamClient';
export { Budgets, RESERVE, type RateLimit } from './Budgets';
export {
  type BoundedAnswer,
  type BoundedRequest,
  createBoundedRequest,
} from './boundedRequest';
export { ConditionalCache } from './ConditionalCache';
export { type Downloaded, Downloads, publicDispatcher } from './Downloads';
export { KeyedOnce } from './KeyedOnce';
export { type Allowance, Pace } from './Pace';
export { unlessAborted } from './unlessAborted';
export { withUserFacingErrors } from './withUserFacingErrors';
export { errorOfFailure, errorOfStatus, secondsToWait } from './errors';
