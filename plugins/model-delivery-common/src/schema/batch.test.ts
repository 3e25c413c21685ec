import { deploymentTarget } from './spec';

const job = { schedule: '0 6 * * *', input: 'incoming' };
const parse = (batch: object) =>
  deploymentTarget.safeParse({ provider: 'local', batch });

describe('a batch job of a target', () => {
  it('runs in UTC where no time zone is given, and keeps the rest of the target', () => {
    expect(
      deploymentTarget.parse({ provider: 'local', service: 'x', batch: job }),
    ).toEqual({
      provider: 'local',
      service: 'x',
      batch: { ...job, timeZone: 'UTC' },
    });
  });

  it.each(['rows.csv', 'in/2026/rows_1.csv', 'a..b', 'incoming'])(
    'takes the input %s',
    input => expect(parse({ ...job, input }).success).toBe(true),
  );

  it.each([
    '',
    '/etc/passwd',
    '..',
    '../rows.csv',
    'in/../../rows.csv',
    './rows.csv',
    'in//rows.csv',
    'in/',
    '.hidden',
    'in/.hidden',
    'in\\rows.csv',
    'C:rows.csv',
    'rows.csv\n',
    'https://example.org/rows.csv',
  ])('refuses the input %j', input =>
    expect(parse({ ...job, input }).success).toBe(false),
  );

  it('refuses a schedule, a time zone and a key that are not known', () => {
    expect(parse({ ...job, schedule: 'daily' }).success).toBe(false);
    expect(parse({ ...job, timeZone: 'Mars/Olympus' }).success).toBe(false);
    expect(parse({ ...job, ouput: 'x' }).success).toBe(false);
  });
});
