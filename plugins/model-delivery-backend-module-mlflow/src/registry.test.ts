import { bundleTests } from './artifacts/__testUtils__/bundleTests';
import { reportTests } from './evidence/__testUtils__/reportTests';
import { START_TIMEOUT_MS } from './__testUtils__/mlflowServer';
import { context } from './__testUtils__/providers';
import { Registry } from './__testUtils__/Registry';
import { contentTests } from './versions/__testUtils__/contentTests';
import { listTests } from './versions/__testUtils__/listTests';
import { loggedModelTests } from './versions/__testUtils__/loggedModelTests';
import { markTests } from './versions/__testUtils__/markTests';

jest.setTimeout(START_TIMEOUT_MS);

// One server for all of them: each start takes seconds. Each file has models of its own in it.
describe('a real registry', () => {
  const registry = new Registry();
  beforeAll(() => registry.start());
  afterAll(() => registry.close());

  contentTests(registry);
  listTests(registry);
  loggedModelTests(registry);
  reportTests(registry);
  bundleTests(registry);
  markTests(registry);

  it('says what answers', async () => {
    expect(await registry.provider.test!(context)).toMatch(
      /^MLflow 3\.\d+\.\d+ answers at 127\.0\.0\.1:\d+ and shows its models\.$/,
    );
  });
});
