export { Sha, Version, VersionMove } from './Version';
