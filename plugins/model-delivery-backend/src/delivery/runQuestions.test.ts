import type { AuditorServiceCreateEventOptions } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  type EnvironmentSpec,
  type ModelSpec,
  modelSpecFromEntity,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type AskingRun,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { anyone, deliveryParts } from '../__testUtils__/deliveryParts';
import { FakeSystem, fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { connect } from '../database/migrate';
import { createStores, type Stores } from '../database/stores';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const REVIEWERS = 'group:default/ml-reviewers';
const COMMIT = fakeVersion(1).commit!;
const jonas = {
  by: 'user:default/jonas',
  ownership: [REVIEWERS],
  email: 'jonas@acme.example',
};
const ada = { by: 'user:default/ada', ownership: [REVIEWERS], email: null };

describe.each(databases.eachSupportedId())('a run that asks, on %s', id => {
  let stores: Stores;
  let system: FakeSystem;
  let clock = Date.UTC(2026, 0, 1);
  let close: () => Promise<void>;
  let models = 0;
  let name = '';
  let runId = '';
  let users: Record<string, string>;
  const audited: AuditorServiceCreateEventOptions[] = [];
  const now = () => new Date(clock);
  const at = () => now().toISOString();
  const start = () =>
    deliveryParts({
      stores,
      system,
      now,
      auditor: {
        createEvent: async event => {
          audited.push(event);
          return { success: async () => {}, fail: async () => {} };
        },
      },
      findUser: async (annotation, value) =>
        users[`${annotation}=${value}`] ?? null,
    });
  let parts: ReturnType<typeof start>;

  beforeAll(async () => {
    const knex = await databases.init(id);
    await connect({
      ...mockServices.database.mock(),
      getClient: async () => knex,
    });
    stores = createStores(knex);
    close = () => knex.destroy();
  });
  afterAll(() => close());
  beforeEach(() => {
    system = new FakeSystem();
    system.onDeploy = () => ({ phase: 'in-progress', message: 'Runs.' });
    users = { 'fake/login=ada': ada.by };
    models += 1;
    name = `asked-${models}`;
    // Its own, since what earlier tests left is answered too.
    runId = String(1_000 + models);
    clock += 3_600_000;
    parts = start();
  });

  const model = async (
    overrides: Partial<EnvironmentSpec> = {},
    modelName = name,
  ): Promise<ModelSpec> => {
    const spec: ModelSpec = {
      ...modelSpecFromEntity(modelEntity(modelName)),
      environments: [
        {
          name: 'production',
          deploy: 'manual',
          target: { provider: 'fake', name, place: name },
          gates: [{ metric: 'accuracy', min: 0.92 }],
          ...overrides,
        },
      ],
    };
    await stores.models.upsert(spec, [], at());
    await stores.sources.declare(
      spec.entityRef,
      [
        {
          source: 'deployments:fake',
          provider: 'fake',
          capability: 'deployments',
          subjects: [name],
        },
      ],
      at(),
      { due: false },
    );
    await stores.versions.upsert(spec.entityRef, fakeVersion(1));
    return spec;
  };
  const run = (overrides: Partial<AskingRun> = {}) =>
    system.asking.set(runId, {
      commit: COMMIT,
      ref: 'main',
      titleOfInputs: null,
      startedBy: { name: 'ada', annotation: 'fake/login' },
      url: 'https://ci.example/runs/77',
      isOpen: true,
      deploymentId: null,
      ...overrides,
    });
  const place = () => ({
    provider: 'fake',
    subject: name,
    targetKey: `fake:${name}/production`,
    runId,
  });
  const settle = async (rounds = 5) => {
    for (let n = 0; n < rounds; n += 1) {
      await parts.questions.answerDue();
      await parts.round();
      clock += 1_000;
    }
  };
  const ask = async (question = '1') => {
    await parts.questions.ask({ ...place(), id: question });
    await settle();
  };
  const all = async (spec: ModelSpec) =>
    (await stores.deployments.list(spec.entityRef, {}, { limit: 10 })).items;
  const answers = () => system.answers.filter(one => one.runId === runId);
  const decisions = () => answers().map(answer => answer.state);

  describe('and was started by Slipway', () => {
    const dispatched = async () => {
      const spec = await model();
      const { id: deployment } = await parts.delivery.deploy(spec, {
        environment: 'production',
        version: '0.1.0',
        reason: '',
        by: ada.by,
        automatic: false,
        override: false,
        requestKey: name,
      });
      return { spec, deployment };
    };

    it('is let go with the gates of its deployment, once', async () => {
      const { deployment } = await dispatched();
      await settle(2);
      run({ deploymentId: deployment });
      await ask();
      await ask();
      expect(answers()).toEqual([
        {
          runId,
          state: 'approved',
          comment: `Slipway: 0.1.0 to production (deployment ${deployment}). 1 of 1 gates passed.`,
        },
      ]);
      const events = await stores.deployments.events(deployment);
      expect(events.map(e => e.message)).toContain(
        `Answer to run ${runId} of Fake system: approved.`,
      );
      const mine = audited.filter(({ meta }) => meta?.run === runId);
      expect(mine).toMatchObject([
        {
          eventId: 'answer-run',
          meta: { target: place().targetKey, answer: 'approved' },
        },
      ]);
      expect(system.carriedBy.has(deployment)).toBe(false);
    });

    it('is let go when it asks before the order was recorded as accepted', async () => {
      const { deployment } = await dispatched();
      run({ deploymentId: deployment });
      await parts.questions.ask({ ...place(), id: '1' });
      await parts.questions.answerDue();
      expect(decisions()).toEqual([]);
      await settle();
      expect(decisions()).toEqual(['approved']);
    });

    it('is rejected where its deployment was cancelled meanwhile', async () => {
      const { spec, deployment } = await dispatched();
      await settle(2);
      system.endsAtOnce = false;
      await parts.delivery.cancel(spec.entityRef, deployment, ada.by, anyone);
      run({ deploymentId: deployment });
      await ask();
      expect(decisions()).toEqual(['rejected']);
    });

    it('is not taken for a deployment to another target', async () => {
      const { deployment } = await dispatched();
      await settle(2);
      name = `${name}-other`;
      const spec = await model({}, name);
      run({ deploymentId: deployment });
      await ask();
      const [own] = await all(spec);
      expect(own).toMatchObject({ version: '0.1.0', requestedBy: ada.by });
    });
  });

  describe('and was started outside', () => {
    it('becomes a deployment, and carries it out, where the gates pass', async () => {
      const spec = await model();
      run();
      await ask();
      const [made] = await all(spec);
      expect(made).toMatchObject({
        state: 'in-progress',
        version: '0.1.0',
        requestedBy: ada.by,
        reason: 'Started on Fake system by ada: https://ci.example/runs/77',
      });
      expect(system.carriedBy.get(made.id)).toBe(runId);
      expect(decisions()).toEqual(['approved']);
      system.progress.set(made.id, {
        phase: 'live',
        message: 'Done.',
        at: at(),
      });
      await settle();
      expect(await all(spec)).toMatchObject([{ state: 'live' }]);
    });

    it('is rejected with the reasons where a gate fails', async () => {
      const spec = await model({ gates: [{ metric: 'accuracy', min: 0.99 }] });
      run();
      await ask();
      const [made] = await all(spec);
      expect(made.state).toBe('blocked');
      expect(answers()).toMatchObject([
        { state: 'rejected', comment: expect.stringContaining('0.99') },
      ]);
      expect(system.dispatched).not.toContain(made.id);
    });

    it('waits for its approvals, and is let go by the one that completes them', async () => {
      const spec = await model({
        approvals: { required: 1, from: [REVIEWERS] },
      });
      run();
      await ask();
      await settle();
      const [made] = await all(spec);
      expect(made.state).toBe('waiting');
      expect(answers()).toEqual([
        {
          runId,
          state: 'pending',
          comment: expect.stringContaining(
            'Waits for an approval of ml-reviewers.',
          ),
        },
      ]);
      const decide = (person: typeof jonas | typeof ada) =>
        parts.approvals.approve(spec, {
          deploymentId: made.id,
          person,
          reason: null,
        });
      await expect(decide(ada)).rejects.toThrow('requested this deployment');
      await decide(jonas);
      await settle();
      expect(answers()[1]).toMatchObject({
        state: 'approved',
        comment: expect.stringContaining('Approved by user:default/jonas.'),
      });
      expect(system.carriedBy.get(made.id)).toBe(runId);
    });

    it('is rejected where a person rejects or withdraws it', async () => {
      const spec = await model({
        approvals: { required: 1, from: [REVIEWERS] },
      });
      run();
      await ask();
      const [made] = await all(spec);
      await parts.approvals.reject(spec, {
        deploymentId: made.id,
        person: jonas,
        reason: 'Not before the release',
      });
      await settle();
      expect(answers()[1]).toMatchObject({
        state: 'rejected',
        comment: expect.stringContaining('Not before the release'),
      });
      await ask('2');
      const [again] = await all(spec);
      await parts.delivery.cancel(spec.entityRef, again.id, ada.by, anyone);
      await settle();
      expect(decisions()).toEqual([
        'pending',
        'rejected',
        'pending',
        'rejected',
      ]);
    });

    it('waits until the environment is free', async () => {
      const spec = await model();
      await stores.versions.upsert(spec.entityRef, fakeVersion(2));
      const first = await parts.delivery.deploy(spec, {
        environment: 'production',
        version: '0.2.0',
        reason: '',
        by: ada.by,
        automatic: false,
        override: false,
        requestKey: name,
      });
      await settle(2);
      run();
      await ask();
      await settle();
      expect(answers()).toMatchObject([
        {
          state: 'pending',
          comment: expect.stringContaining(
            'It starts when the deployment of 0.2.0 has ended.',
          ),
        },
      ]);
      system.progress.set(first.id, { phase: 'failed', message: 'No.' });
      await settle();
      expect(decisions().at(-1)).toBe('approved');
    });

    it('gets no answer, and a report, while no version of its commit is known', async () => {
      const spec = await model();
      run({ commit: 'f'.repeat(40) });
      await ask();
      expect(answers()).toEqual([
        {
          runId,
          state: 'pending',
          comment: expect.stringContaining(
            'No version that was built from the commit ffffffffffff is known.',
          ),
        },
      ]);
      await stores.versions.upsert(
        spec.entityRef,
        fakeVersion(3, { commit: 'f'.repeat(40) }),
      );
      clock += 300_000;
      await settle();
      expect(decisions()).toEqual(['pending', 'approved']);
      expect(await all(spec)).toMatchObject([{ version: '0.3.0' }]);
    });

    it('names its version by its tag where several were built from its commit', async () => {
      const spec = await model();
      await stores.versions.upsert(
        spec.entityRef,
        fakeVersion(2, { commit: COMMIT }),
      );
      run();
      await ask();
      expect(answers()).toMatchObject([
        { state: 'pending', comment: expect.stringContaining('0.2.0') },
      ]);
      run({ ref: 'v0.2.0' });
      clock += 300_000;
      await settle();
      expect(await all(spec)).toMatchObject([{ version: '0.2.0' }]);
    });

    it.each([
      ['Deploy v0.2.0 (by hand)', '0.2.0'],
      ['Deploy 0.2.0-rc1', undefined],
      ['Deploy 0.1.0 and 0.2.0', undefined],
      ['', undefined],
    ])(
      'is taken at its title, not its commit, where inputs choose the version: %j',
      async (titleOfInputs, version) => {
        const spec = await model();
        await stores.versions.upsert(spec.entityRef, fakeVersion(2));
        run({ titleOfInputs });
        await ask();
        const made = await all(spec);
        expect(made.map(one => one.version)).toEqual(version ? [version] : []);
        expect(decisions()).toEqual([version ? 'approved' : 'pending']);
      },
    );

    it('asks nobody where it is unknown who started it', async () => {
      const spec = await model({
        approvals: { required: 1, from: [REVIEWERS] },
      });
      users = {};
      run();
      await ask();
      expect(await all(spec)).toEqual([]);
      expect(answers()).toMatchObject([
        {
          state: 'pending',
          comment: expect.stringContaining(
            "Add the annotation fake/login: ada to that person's User entity.",
          ),
        },
      ]);
    });

    it('is not answered for a model that may not use the target', async () => {
      const spec = await model();
      system.names = () => ({ repository: 'fake.example/acme/other' });
      run();
      await ask();
      expect(await all(spec)).toEqual([]);
      expect(answers()).toEqual([]);
    });
  });

  it('is answered once, however often it asks and however many processes answer', async () => {
    const spec = await model();
    run();
    const processes = [parts, start(), start()];
    await Promise.all(
      processes.map(one => one.questions.ask({ ...place(), id: '1' })),
    );
    for (let n = 0; n < 6; n += 1) {
      await Promise.all(processes.map(one => one.questions.answerDue()));
      await Promise.all(processes.map(one => one.round()));
      clock += 1_000;
    }
    expect(await all(spec)).toHaveLength(1);
    expect(decisions()).toEqual(['approved']);
  });

  it('is answered after the outside system failed, and no sooner than it asks', async () => {
    await model();
    run();
    system.failing = new ProviderError('rate-limited', 'Too much.', {
      retryAfter: 600,
    });
    await ask();
    system.failing = undefined;
    await settle();
    expect(decisions()).toEqual([]);
    clock += 600_000;
    await settle();
    expect(decisions()).toEqual(['approved']);
  });

  it('that has ended is not answered', async () => {
    const spec = await model();
    run({ isOpen: false });
    await ask();
    expect(answers()).toEqual([]);
    expect(await all(spec)).toEqual([]);
  });

  it('shows what a person decided outside, which counts for nothing', async () => {
    const spec = await model({ approvals: { required: 1, from: [REVIEWERS] } });
    run();
    await ask();
    const [made] = await all(spec);
    run({ deploymentId: made.id });
    const review = {
      ...place(),
      by: 'mei',
      decision: 'approved' as const,
      comment: 'Looks\n\0good',
    };
    await parts.questions.reviewed(review);
    await parts.questions.reviewed(review);
    const events = await stores.deployments.events(made.id);
    expect(events.map(e => e.message)).toEqual([
      expect.any(String),
      'Review on Fake system by mei: approved, "Looks good". It is no approval of Slipway.',
    ]);
    await settle();
    expect(await all(spec)).toMatchObject([{ state: 'waiting' }]);
  });
});
