/** What provider modules ask outside systems with. */
export {
  parseTarget,
  UpstreamClient,
  type UpstreamAuth,
  type UpstreamOptions,
  type UpstreamRequest,
} from './UpstreamClient';
export { errorOfFailure, errorOfStatus, secondsToWait } from './errors';
