/** Reads the reports that the contract of a model repository names, for every module that gets them. */
export {
  type KeyedEvidence,
  readAllEvidence,
  readEvidence,
} from './readEvidence';
export { readArchive } from './readArchive';
export type { ReportContext } from './reportFile';
export { sentence } from './summaries';
export {
  brokenTests,
  TEST_SUITES,
  testEvidence,
  testsKey,
} from './testReports';
