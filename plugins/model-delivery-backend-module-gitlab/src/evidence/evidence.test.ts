import { zip } from '@slipway/plugin-model-delivery-node/testUtils';
import { GitlabStandIn } from '../__testUtils__/GitlabStandIn';
import type { JobState, PipelineState } from '../__testUtils__/standInState';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';

const PATH = 'acme/penguins';
const standIn = new GitlabStandIn();
let pipeline: PipelineState;

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  standIn.projects.clear();
  pipeline = standIn.addPipeline(PATH);
});
afterEach(() => {
  standIn.intercept = () => undefined;
});

const read = async () =>
  testInstance(standIn).pipelines.getEvidence(
    modelOf(PATH),
    String(pipeline.id),
    context(),
  );

/** A job that uploaded a JUnit report of the suite `unit`, with so many tests that passed. */
function tested(
  tests: number,
  { folder = 'reports/', filename = 'reports.zip', ...parts } = {} as {
    folder?: string;
    filename?: string;
  } & Partial<JobState>,
) {
  const cases = '<testcase name="a"/>'.repeat(tests);
  const content = `<testsuites><testsuite name="unit">${cases}</testsuite></testsuites>`;
  return standIn.addJob(pipeline, {
    name: 'test-unit',
    archive: {
      filename,
      zip: zip([{ name: `${folder}junit/unit.xml`, content }]),
    },
    ...parts,
  });
}

const counts = (parts: object) => ({
  name: 'test-unit',
  total_time: 1.5,
  success_count: 0,
  failed_count: 0,
  skipped_count: 0,
  error_count: 0,
  suite_error: null,
  ...parts,
});

describe('evidence', () => {
  it.each(['reports/', ''])(
    'is read from the folder %j of an archive',
    async folder => {
      tested(3, { folder });
      expect(await read()).toMatchObject([
        { kind: 'tests', suite: 'unit', status: 'pass', passed: 3 },
      ]);
    },
  );

  it('is that of the job that took the place of another', async () => {
    tested(1, { retried: true });
    tested(2);
    expect(await read()).toMatchObject([{ passed: 2 }]);
  });

  it('is not read from archives of another name, or from expired ones', async () => {
    tested(1, { filename: 'model.zip' });
    tested(1, { name: 'old', expiresAt: '2026-01-01T00:00:00.000Z' });
    expect(await read()).toEqual([]);
  });

  it('of an archive that is none says so, and keeps the rest', async () => {
    tested(3);
    standIn.addJob(pipeline, {
      name: 'card',
      archive: { filename: 'reports-card.zip', zip: Buffer.from('not a zip') },
    });
    expect(await read()).toMatchObject([
      { suite: 'unit', status: 'pass' },
      {
        status: 'error',
        summary: expect.stringMatching(
          /^The artifact reports-card was not read/,
        ),
      },
    ]);
  });

  it('is not fetched from a host that the configuration does not name', async () => {
    tested(1);
    standIn.intercept = (_, path) =>
      path.endsWith('/artifacts')
        ? {
            status: 302,
            headers: { location: 'https://evil.example/archive.zip' },
          }
        : undefined;
    await expect(read()).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining('modelDelivery.gitlab.downloadHosts'),
    });
  });
});

describe('tests that jobs gave to GitLab itself', () => {
  it('count where no archive has them, all jobs of a suite together', async () => {
    standIn.addJob(pipeline, { name: 'test-unit: [3.11]', junit: true });
    pipeline.suites = [
      counts({ name: 'test-unit: [3.11]', success_count: 4, skipped_count: 1 }),
      counts({ name: 'test-unit: [3.12]', success_count: 5, error_count: 2 }),
      counts({ name: 'smoke', failed_count: 9 }),
    ];
    expect(await read()).toMatchObject([
      {
        kind: 'tests',
        suite: 'unit',
        status: 'fail',
        passed: 9,
        failed: 2,
        skipped: 1,
        seconds: 3,
      },
    ]);
  });

  it('give way to an archive, suite by suite', async () => {
    tested(3, { junit: true });
    pipeline.suites = [
      counts({ success_count: 99 }),
      counts({ name: 'integration', success_count: 7 }),
    ];
    expect(await read()).toMatchObject([
      { suite: 'unit', passed: 3 },
      { suite: 'integration', passed: 7 },
    ]);
  });

  it('prove nothing while a job still runs', async () => {
    standIn.addJob(pipeline, { name: 'test-unit', junit: true });
    const other = standIn.addJob(pipeline, { name: 'more', status: 'running' });
    pipeline.suites = [counts({ success_count: 4 })];
    expect(await read()).toEqual([]);
    other.status = 'success';
    expect(await read()).toMatchObject([{ suite: 'unit', passed: 4 }]);
  });

  it('are an error where GitLab could not read the report, and fail where no test ran', async () => {
    standIn.addJob(pipeline, { name: 'test-unit', junit: true });
    pipeline.suites = [
      counts({ suite_error: 'JUnit XML parsing failed' }),
      counts({ name: 'integration' }),
    ];
    expect(await read()).toMatchObject([
      {
        suite: 'unit',
        status: 'error',
        summary:
          'GitLab could not read the report of test-unit: JUnit XML parsing failed',
      },
      { suite: 'integration', status: 'fail', summary: 'No test ran' },
    ]);
  });
});
