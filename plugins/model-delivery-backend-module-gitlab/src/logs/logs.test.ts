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
  standIn.log.length = 0;
});

const read = async (
  job: JobState,
  range = { after: 0, limit: 100 },
  instance = testInstance(standIn),
  of = pipeline,
) =>
  instance.pipelines.readLog(
    modelOf(PATH),
    String(of.id),
    String(job.id),
    range,
    context(),
  );

describe('a log', () => {
  it('of a job that runs ends at its last whole line, and goes on from there', async () => {
    const job = standIn.addJob(pipeline, { status: 'running', log: 'one\ntw' });
    const first = await read(job);
    expect(first).toMatchObject({
      lines: [{ n: 1, text: 'one' }],
      next: 1,
      ended: false,
    });
    Object.assign(job, { status: 'success', log: 'one\ntwo' });
    expect(await read(job, { after: first.next, limit: 100 })).toMatchObject({
      lines: [{ n: 2, text: 'two' }],
      next: 2,
      ended: true,
    });
  });

  it('tells the time of a line, and no marks of sections', async () => {
    const job = standIn.addJob(pipeline, {
      log: [
        '2026-03-01T10:00:01.123456Z 00O section_start:1:build\r\u001b[0Kinstalls',
        '2026-03-01T10:00:02Z 01E+warns',
        'says nothing of the time',
      ].join('\n'),
    });
    expect((await read(job)).lines).toEqual([
      { n: 1, at: '2026-03-01T10:00:01.123Z', text: 'installs' },
      { n: 2, at: '2026-03-01T10:00:02Z', text: 'warns' },
      { n: 3, at: null, text: 'says nothing of the time' },
    ]);
  });

  it('of a job that has ended is fetched once for all of its pages', async () => {
    const job = standIn.addJob(pipeline, { log: 'one\ntwo\nthree\n' });
    const instance = testInstance(standIn);
    await read(job, { after: 0, limit: 1 }, instance);
    standIn.log.length = 0;
    const { lines } = await read(job, { after: 1, limit: 1 }, instance);
    expect(lines).toMatchObject([{ n: 2, text: 'two' }]);
    expect(standIn.log).toEqual([]);
  });

  it('of a job of another run is not found', async () => {
    const job = standIn.addJob(standIn.addPipeline(PATH), { log: 'secret' });
    await expect(read(job)).rejects.toMatchObject({
      kind: 'not-found',
      message: `The run ${pipeline.id} has no job ${job.id}.`,
    });
  });
});
