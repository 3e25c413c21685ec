import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { evidence } from '@slipway/plugin-model-delivery-common/schema';
import { parseJunit } from './junit';
import { readEvidence } from './readEvidence';

const context = { runId: 'r1', at: '2025-01-01T00:00:00.000Z' };
const head = (kind: string, status: string) => ({
  schema: `model-delivery/${kind}/v1`,
  status,
  created: '2025-01-01T01:00:00+01:00',
});

describe('readEvidence', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'reports-'));
  });
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  const write = async (name: string, content: string | object) => {
    const file = path.join(folder, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(
      file,
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  };
  const read = async (verb: string, failure: string | null = null) => {
    const items = await readEvidence(verb, folder, context, failure);
    for (const item of items) evidence.parse(item.evidence);
    return items.map(item => item.evidence);
  };

  it('sums up tests, with the first failure', async () => {
    await write(
      'junit/unit.xml',
      `<testsuites><testsuite><testcase name="a" time="0.5"/>
       <testsuite><testcase classname="T" name="b"><failure message="1 &lt; 2
more"/></testcase></testsuite><testcase name="c"><skipped/></testcase></testsuite></testsuites>`,
    );
    expect(await read('test-unit')).toEqual([
      expect.objectContaining({
        status: 'fail',
        summary: '1 failed, 1 passed, 1 skipped: T.b: 1 < 2',
        passed: 1,
        failed: 1,
        skipped: 1,
        seconds: 0.5,
      }),
    ]);
  });

  it('tells from which commit and about which artifact a report was made', async () => {
    const source = { commit: 'c1', dirty: null };
    await write('lint.json', {
      ...head('lint', 'pass'),
      source,
      subject: { artifactDigest: 'sha256:1' },
    });
    const origin = { commit: 'c1', dirty: null, artifactDigest: 'sha256:1' };
    expect((await read('lint'))[0].origin).toEqual(origin);
    const checkedOut = async (checkout: string) => {
      const more = { ...context, checkout };
      const [item] = await readEvidence('lint', folder, more, null);
      return item.evidence.origin;
    };
    // What the reader checked out itself has no changes.
    expect(await checkedOut('c1')).toEqual({ ...origin, dirty: false });
    expect(await checkedOut('c2')).toEqual(origin);
    await write('lint.json', {
      ...head('lint', 'pass'),
      source: { commit: 'c1', dirty: true },
    });
    expect(await checkedOut('c1')).toEqual({
      commit: 'c1',
      dirty: true,
      artifactDigest: null,
    });
    await write('lint.json', head('lint', 'pass'));
    expect(await checkedOut('c1')).toBeUndefined();
  });

  it('takes a suite without tests for failed', async () => {
    await write('junit/unit.xml', '<testsuites/>');
    expect((await read('test-unit'))[0]).toMatchObject({
      status: 'error',
    });
    await write('junit/unit.xml', '<testsuite><properties/></testsuite>');
    expect((await read('test-unit'))[0]).toMatchObject({
      status: 'fail',
      summary: 'No test ran',
    });
  });

  it('says why a report is not there', async () => {
    expect((await read('evaluate'))[1]).toMatchObject({
      kind: 'evaluation',
      status: 'error',
      summary: 'reports/evaluation.json was not written.',
      decision: null,
    });
    expect((await read('perf', 'perf took longer than 3 s.'))[0]).toMatchObject(
      {
        status: 'error',
        summary: 'perf took longer than 3 s.',
      },
    );
  });

  it.each([
    ['not JSON', '{"a": NaN}', /^reports\/data-validation\.json is not JSON/],
    ['null', 'null', /does not hold/],
    [
      'a wrong field',
      { ...head('data-validation', 'pass'), checks: [{ id: 7 }] },
      /report\.checks\[0\]\.id is 7/,
    ],
    ['an array', [], /does not hold/],
  ])('takes %s for an error with its reason', async (_, content, summary) => {
    await write('data-validation.json', content as never);
    expect((await read('data-validate'))[0]).toMatchObject({
      status: 'error',
      summary: expect.stringMatching(summary),
    });
  });

  it('reads no report that is too large, and follows no link', async () => {
    await write('lint.json', ' '.repeat(9 * 1024 * 1024));
    expect((await read('lint'))[0].summary).toContain('at most');
    await fs.rm(path.join(folder, 'lint.json'));
    await fs.symlink('/etc/passwd', path.join(folder, 'lint.json'));
    expect((await read('lint'))[0].summary).toBe(
      'reports/lint.json is not a file.',
    );
  });

  it('joins the evaluation with its metrics', async () => {
    await write('metrics.json', {
      ...head('metrics', 'pass'),
      metrics: [
        { name: 'mae', value: 2.1, direction: 'min', ci: [2, 2.2], n: 365 },
      ],
    });
    await write('evaluation.json', {
      ...head('evaluation', 'fail'),
      holdout: { digest: 'sha256:x', rows: 365 },
      baseline: { kind: 'champion', version: '0.1.0', digest: null },
      overall: [
        {
          metric: 'mae',
          candidate: 2.1,
          baseline: 2,
          delta: 0.1,
          pairedCi: null,
        },
      ],
      slices: [
        {
          name: 'season: winter',
          where: { season: 'winter' },
          n: 90,
          metric: 'mae',
          candidate: 2,
          pass: null,
          insufficient: false,
        },
      ],
      gates: [],
      decision: 'reject',
      reasons: ['mae 2.1 > 2.0 on 365\nholdout rows'],
    });
    expect((await read('evaluate'))[1]).toMatchObject({
      status: 'fail',
      summary: 'mae 2.1 > 2.0 on 365 holdout rows',
      at: '2025-01-01T00:00:00.000Z',
      overall: [{ metric: 'mae', direction: 'min', n: 365 }],
      slices: [{ where: 'season = winter' }],
    });
  });

  it('does not let a noisy measurement pass', async () => {
    await write('performance.json', {
      ...head('performance', 'pass'),
      latencyMs: null,
      ab: { baselineVersion: null, p50Ratio: null, aaP50Ratio: 1.4 },
      valid: false,
    });
    expect((await read('perf'))[0]).toMatchObject({
      status: 'unknown',
      summary: expect.stringContaining('a ratio of 1.4 instead of 1'),
    });
  });
});

describe('parseJunit', () => {
  it.each([
    ['<!DOCTYPE x [<!ENTITY a "b">]><testsuites/>', 'DOCTYPE'],
    ['<testsuites><testsuite>', 'is not XML'],
    ['binary \u0000', 'is not XML'],
    ['<other/>', 'has no test suites'],
  ])('refuses %j', (xml, message) => {
    expect(() => parseJunit('unit.xml', Buffer.from(xml))).toThrow(message);
  });
});
