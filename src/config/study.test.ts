import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatError } from '../core/errors.js';
import { projectRoot } from '../core/files/paths.js';
import { isJsonObject, type JsonObject } from '../core/json.js';
import { explain, formatExplanations } from './explain.js';
import { formatDefaultsList, formatDefaultsTree, formatSearchPath, listGroups } from './info.js';
import { formatConfig } from './print.js';
import { jsonSchema, schemaGroups } from './schema/json-schema.js';
import { loadSettings } from './settings.js';
import { composeJobs, composeStudy, type StudyOptions } from './study.js';

const work = mkdtempSync(join(tmpdir(), 'heldout-study-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function write(folder: string, files: Readonly<Record<string, string>>): string {
  const root = join(work, folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** A small project of its own, so that these tests do not hang on what configs/ holds. */
const project = write('project', {
  '.heldoutrc.yaml': 'configs: conf\nresults: out\n',
  'conf/config.yaml': [
    'defaults:',
    '  - split: extrapolation',
    '  - model: cnn',
    '  - training: default',
    '  - _self_',
    '  - experiment: null',
    'dataset: {name: dsprites}',
    'study: {name: small}',
  ].join('\n'),
  'conf/split/extrapolation.yaml': 'rule: extrapolation\nfixed: [shape]\n',
  'conf/split/random.yaml': 'rule: random\n',
  'conf/model/cnn.yaml': 'name: cnn\n',
  'conf/model/mlp.yaml': 'name: mlp\n',
  'conf/training/default.yaml': 'steps: 10\noptimizer:\n  name: adam\n  learning_rate: 1e-3\n',
  'experiments/one/experiment.yaml':
    '# @package _global_\nmode: multirun\nsweep: {params: {model: "cnn,mlp", training: {steps: "range(1,3)"}, seed: "0,1"}}\n',
  'experiments/two/experiment.yaml': '# @package _global_\nmode: multirun\nsweep: {params: {seed: "5,6"}}\n',
});

function compose(overrides: readonly string[], options: Partial<StudyOptions> = {}) {
  const folder = options.workingFolder ?? project;
  return composeStudy({
    settings: loadSettings(project),
    overrides,
    workingFolder: folder,
    env: {},
    ...options,
  });
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return formatError(error);
  }
  return 'no error';
}

const jobsOf = (overrides: readonly string[], options: Partial<StudyOptions> = {}) =>
  composeJobs(compose(overrides, options));

describe('a key that is not there', () => {
  const refusal = (override: string) => {
    try {
      compose([override]);
    } catch (error) {
      return formatError(error as Error);
    }
    return '';
  };

  it('is offered to be added only where the schema takes it', () => {
    expect(refusal('training.stpes=2')).toContain('did you mean training.steps?');
    expect(refusal('training.stpes=2')).not.toContain('To append');
    expect(refusal('sweep.params.seed=4')).toContain('To append to your config use +sweep.params.seed=4');
  });
});

describe('a single run', () => {
  it('fills schema defaults, with settings and files over them', () => {
    const [job] = jobsOf(['model=mlp', 'training.steps=20']);
    expect(job?.config).toMatchObject({
      mode: 'run',
      seed: 0,
      study: { name: 'small', alias: [] },
      model: { name: 'mlp', widths: [90, 90, 90, 90, 22] },
      split: { rule: 'extrapolation', fixed: ['shape'], share: 0.2 },
      training: { steps: 20, batch_size: 64, optimizer: { learning_rate: 0.001, beta1: 0.9 } },
      paths: { data: 'data', results: 'out' },
    });
    expect(job?.resolved).toEqual(job?.config);
    expect(job?.provenance['training.steps']).toEqual({
      value: 20,
      place: 'command line, argument 2',
      replaced: [{ value: 10, place: 'conf/training/default.yaml:1:1' }],
    });
    expect(job?.provenance['training.batch_size']?.place).toBe('schema default');
    expect(job?.provenance['paths.results']?.place).toBe('.heldoutrc.yaml:2:1');
  });

  it('keeps interpolations in what is composed', () => {
    const [job] = jobsOf([
      `training.checkpoint_every=\${training.steps}`,
      `study.title="run of \${model.name}"`,
    ]);
    expect(job?.composed.training).toMatchObject({ checkpoint_every: `\${training.steps}` });
    expect(job?.config.training.checkpoint_every).toBe(10);
    expect(job?.config.study.title).toBe('run of cnn');
  });

  it('fills a section that an override opens', () => {
    expect(jobsOf(['model.name=mlp'])[0]?.config.model).toEqual({
      name: 'mlp',
      widths: [90, 90, 90, 90, 22],
    });
    expect(jobsOf(['~training.monitor'])[0]?.config.training.monitor).toEqual({ every: 100, examples: 512 });
  });

  it('refuses a sweep, with three ways out', () => {
    const message = messageOf(() => compose(['model=cnn,mlp']));
    expect(message).toContain("command line, argument 1: Ambiguous value for argument 'model=cnn,mlp'");
    expect(message).toContain("1. To use it as a list, use 'model=[value1,value2]'");
    expect(message).toContain(`2. To use it as string, quote the value: 'model="value1,value2"'`);
    expect(message).toContain('3. To sweep over it, add --multirun to your command line');
    expect(messageOf(() => compose(['seed=range(3)']))).toContain(
      "Sweep parameters 'seed=range(3)' requires --multirun",
    );
  });
});

describe('validation reports all errors at once, each at its place', () => {
  it('for types, ranges, unknown keys and missing values', () => {
    const folder = write('bad', {
      'bad.yaml': [
        'defaults: [config]',
        'seed: ???',
        'training:',
        '  stepz: 5',
        '  batch_size: 0',
        '  optimizer: {beta1: 1.5}',
        'engine: {backend: wasn}',
      ].join('\n'),
    });
    const message = messageOf(() => jobsOf(['training.steps=1.5'], { config: join(folder, 'bad.yaml') }));
    expect(message).toContain('bad.yaml:2:1: Missing mandatory value: seed');
    expect(message).toContain("bad.yaml:4:3: there is no key 'training.stepz'\n  → did you mean 'steps'?");
    expect(message).toContain('bad.yaml:5:3: training.batch_size must be at least 1, not 0');
    expect(message).toContain('bad.yaml:6:15: training.optimizer.beta1 must be less than 1, not 1.5');
    expect(message).toContain(
      `bad.yaml:7:10: engine.backend must be one of auto, tensorflow, wasm, not "wasn"`,
    );
    expect(message).toContain("did you mean 'wasm'?");
    expect(message).toContain('command line, argument 1: training.steps must be a whole number, not 1.5');
  });

  it('for a key that belongs elsewhere, an unknown name, and sections that do not go together', () => {
    expect(messageOf(() => jobsOf(['+learning_rate=1']))).toContain(
      "did you mean 'training.optimizer.learning_rate'?",
    );
    expect(messageOf(() => jobsOf(['model.name=cmn']))).toContain('model.name must be one of cnn, mlp,');
    expect(messageOf(() => jobsOf(['model.name=train_mean']))).toContain('type protocol=reference');
    expect(messageOf(() => jobsOf(['dataset.name=null']))).toContain('dataset.name must be');
    for (const [model, protocol] of [
      ['train_mean', 'reference'],
      ['exponentiated_gradient', 'fitted'],
    ]) {
      const asked = ['attacks', 'corruptions', 'ood_detection', 'shift', 'generalisation'].map(
        (name) => `+evaluation.${name}={}`,
      );
      const others = [`model.name=${model}`, `protocol.name=${protocol}`, '+evaluation.adaptation=t3a'];
      const message = messageOf(() => jobsOf([...others, ...asked]));
      for (const name of ['attacks', 'corruptions', 'ood_detection', 'shift', 'adaptation'])
        expect(message).toMatch(new RegExp(`evaluation.${name} needs a network[^]*type ~evaluation.${name}`));
    }
    expect(messageOf(() => jobsOf(['~dataset']))).toContain('Missing mandatory value: dataset');
  });

  it('for several options where one is meant', () => {
    const message = messageOf(() => compose(['model=[cnn,mlp]']));
    expect(message).toContain("argument 1: 'model' takes one option, not [cnn, mlp]");
    expect(message).toContain('type model=cnn,mlp --multirun');
  });

  it('names an error of many jobs once', () => {
    const message = messageOf(() => jobsOf(['training.steps=0', 'seed=range(5)'], { multirun: true }));
    expect(message.split('training.steps must be').length).toBe(2);
  });
});

describe('a multirun', () => {
  const steps = (jobs: ReturnType<typeof jobsOf>) => jobs.map(({ point }) => Object.values(point).join(' '));

  it('takes the product of sweep.params in order, the last fastest', () => {
    const jobs = jobsOf(['experiment=one']);
    expect(steps(jobs)).toEqual([
      'cnn 1 0',
      'cnn 1 1',
      'cnn 2 0',
      'cnn 2 1',
      'mlp 1 0',
      'mlp 1 1',
      'mlp 2 0',
      'mlp 2 1',
    ]);
    expect(jobs[0]?.overrides).toEqual(['model=cnn', 'training.steps=1', 'seed=0', 'experiment=one']);
    expect(jobs[7]?.config).toMatchObject({
      mode: 'run',
      seed: 1,
      model: { name: 'mlp' },
      training: { steps: 2 },
    });
    expect(jobs[0]?.provenance['training.steps']?.place).toBe('experiments/one/experiment.yaml:3:47');
  });

  it('lets the command line replace axes in their place, by a sweep or by one value', () => {
    expect(steps(jobsOf(['experiment=one', 'training.steps=7', 'model=mlp,cnn', 'seed=3']))).toEqual([
      'mlp 7 3',
      'cnn 7 3',
    ]);
    expect(steps(jobsOf(['experiment=one', '++seed=9', 'model=cnn', 'training.steps=1']))).toEqual([
      'cnn 1 9',
    ]);
    expect(jobsOf(['experiment=one', 'mode=run'])).toHaveLength(1);
  });

  it('reads ranges, globs, sorted and shuffled values', () => {
    const values = (text: string) => steps(jobsOf([text], { multirun: true }));
    expect(values('seed=range(0,6,2)')).toEqual(['0', '2', '4']);
    expect(values('training.optimizer.learning_rate=range(0.1,0.4,0.1)')).toEqual(['0.1', '0.2', '0.3']);
    expect(values('model=glob(*)')).toEqual(['cnn', 'mlp']);
    expect(values('model=glob(*,exclude=[c*])')).toEqual(['mlp']);
    expect(values('seed=sort(3,1,2)')).toEqual(['1', '2', '3']);
    const shuffled = values('seed=shuffle(range(20))');
    expect(shuffled).toEqual(values('seed=shuffle(range(20))'));
    expect(shuffled).not.toEqual(values('seed=range(20)'));
    expect(shuffled.toSorted()).toEqual(values('seed=range(20)').toSorted());
    const other = steps(jobsOf(['seed=shuffle(range(20))', 'sweep.seed=1'], { multirun: true }));
    expect(other).not.toEqual(shuffled);
  });

  it('sweeps over experiments, each with its own axes', () => {
    const study = compose(['experiment=glob(*)', 'training.steps=1', 'model=cnn'], { multirun: true });
    expect(composeJobs(study).map(({ config }) => config.seed)).toEqual([0, 1, 5, 6]);
  });

  it('prints overrides that compose to the same config', () => {
    for (const job of jobsOf(['experiment=one', '+dataset.levels.x={every: 2}', 'study.title="a, b"'])) {
      const again = jobsOf(
        job.overrides
          .filter((text) => text !== 'experiment=one')
          .concat('sweep.params=null', 'sweep.params={}'),
      );
      expect(again[0]?.config).toMatchObject({ ...job.config, sweep: { seed: 0 } });
    }
  });

  it('refuses what cannot be swept', () => {
    const message = (text: string) => messageOf(() => compose([text], { multirun: true }));
    expect(message('seed=interval(0,1)')).toContain(
      'BasicSweeper does not support sweep type : INTERVAL_SWEEP',
    );
    expect(message('launcher.jobs=1,2')).toContain("Sweeping over 'launcher.jobs' is not supported");
    for (const text of [
      'evaluation.test_examples=1000,2000',
      'evaluation.seed=0,1',
      'engine.threads=1,2',
      'training.checkpoint_every=1,2',
    ])
      expect(message(text)).toMatch(/Sweeping over '.*' is not supported: .*do not make different runs/);
    expect(message('training.log_every=1,2')).toBe('no error');
    expect(message('seed=glob(*)')).toContain("'seed' is not one");
    expect(message('model=glob(x*)')).toContain('no option fits this pattern');
    expect(message('seed=range(5,0)')).toContain('the range is empty');
    expect(message('sweep.params={}')).toBe('no error');
    expect(message('+sweep.params={seed: [1,2]}')).toContain('write seed: "0,1,2"');
  });

  it('leaves out the points that sweep.without names', () => {
    const points = (overrides: readonly string[]) =>
      jobsOf(['experiment=one', ...overrides]).map(({ point }) => Object.values(point).join(' '));
    expect(points(['sweep.without=[{model: mlp, seed: 1}, {training.steps: 2, seed: 0}]'])).toEqual([
      'cnn 1 0',
      'cnn 1 1',
      'cnn 2 1',
      'mlp 1 0',
    ]);
    expect(points(['sweep.without=[{training: {steps: "range(1,3)"}, model: "cnn"}]', 'seed=3'])).toEqual([
      'mlp 1 3',
      'mlp 2 3',
    ]);
    const message = messageOf(() => compose(['experiment=one', 'sweep.without=[{modl: mlp}]']));
    expect(message).toContain("sweep.without names 'modl', which is not an axis of this sweep");
    expect(message).toContain("did you mean 'model'?");
    expect(messageOf(() => jobsOf(['experiment=one', 'sweep.without=[{model: "cnn,mlp"}]']))).toContain(
      'sweep.without leaves no job',
    );
  });

  describe('with further grids in sweep.also', () => {
    const also = 'sweep.also=[{model: mlp, seed: "7,8"}]';
    const points = (...overrides: readonly string[]) =>
      jobsOf(['experiment=one', ...overrides]).map(({ point }) =>
        Object.entries(point)
          .map(([key, value]) => `${key}=${value}`)
          .join(' '),
      );
    const main = ['sweep.params={model: cnn, seed: "0"}', also];

    it('has the jobs of each, on its own axes', () => {
      expect(points(...main)).toEqual([
        'model=cnn training.steps=1 seed=0',
        'model=cnn training.steps=2 seed=0',
        'model=mlp seed=7',
        'model=mlp seed=8',
      ]);
      const jobs = jobsOf(['experiment=one', ...main]);
      expect(jobs.at(-1)!.config).toMatchObject({ model: { name: 'mlp' }, seed: 8 });
    });

    it('gives what is typed to the grids that have the axis', () => {
      expect(points(...main, 'training.steps=5')).toEqual([
        'model=cnn training.steps=5 seed=0',
        'model=mlp seed=7',
        'model=mlp seed=8',
      ]);
      const jobs = jobsOf(['experiment=one', ...main, 'training.steps=5']);
      expect(jobs.map(({ config }) => config.training.steps === 5)).toEqual([true, false, false]);
      expect(points(...main, 'training.log_every=3,4')).toHaveLength(8);
    });

    it('lets what is typed pick grids that differ, and replace what none has', () => {
      expect(points(...main, 'model=mlp')).toEqual(['model=mlp seed=7', 'model=mlp seed=8']);
      expect(points(...main, 'seed=7,9')).toEqual(['model=mlp seed=7']);
      expect(points(...main, 'seed=9')).toEqual([
        'model=cnn training.steps=1 seed=9',
        'model=cnn training.steps=2 seed=9',
        'model=mlp seed=9',
      ]);
    });

    it('leaves points out of all grids', () => {
      expect(points(...main, 'sweep.without=[{seed: 8}, {training.steps: 1}]')).toEqual([
        'model=cnn training.steps=2 seed=0',
        'model=mlp seed=7',
      ]);
    });
  });

  it('warns when --multirun stands against mode=run', () => {
    expect(compose(['mode=run'], { multirun: true })).toMatchObject({
      mode: 'multirun',
      warnings: ['--multirun is given, so mode=run has no effect'],
    });
  });
});

describe('where configs are found', () => {
  it('takes a name, a path, and a folder of --config-dir', () => {
    const folder = write('elsewhere', {
      'mine.yaml': 'defaults: [config, override model: big]\n',
      'model/big.yaml': 'name: mlp\nwidths: [5]\n',
    });
    const widths = { name: 'mlp', widths: [5] };
    expect(jobsOf([], { config: join(folder, 'mine.yaml') })[0]?.config.model).toEqual(widths);
    expect(jobsOf([], { config: 'mine.yaml', workingFolder: folder })[0]?.config.model).toEqual(widths);
    expect(jobsOf([], { config: 'mine', configDirs: [folder] })[0]?.config.model).toEqual(widths);
    expect(jobsOf(['model=big'], { configDirs: [folder] })[0]?.config.model).toEqual(widths);
    expect(jobsOf([], { config: '../elsewhere/mine' })[0]?.config.model).toEqual(widths);
    expect(jobsOf([], { config: '../elsewhere/mine.yaml' })[0]?.config.model).toEqual(widths);
  });

  it('names the nearest configs when there is none', () => {
    expect(messageOf(() => compose([], { config: 'confg.yaml' }))).toContain("did you mean 'config'?");
    expect(messageOf(() => compose([], { config: 'one' }))).toContain(
      'to run that experiment type experiment=one',
    );
    const file = 'experiments/one/experiment.yaml';
    expect(messageOf(() => compose([], { config: file }))).toContain(
      'type experiment=one instead of --config',
    );
    expect(messageOf(() => compose([], { configDirs: ['nope'] }))).toContain(
      'the folder of --config-dir does not exist',
    );
    write('project', { 'conf/odd.yml': 'seed: 1\n' });
    expect(messageOf(() => compose([], { config: 'odd.yml' }))).toContain("there is no config 'odd.yml'");
    expect(messageOf(() => compose([], { config: join(project, 'conf/odd.yml') }))).toContain(
      'configs end in .yaml',
    );
  });

  it('checks the settings file and runs no code', () => {
    const bad = write('bad-settings', { '.heldoutrc.json': '{"confgs": "x", "data": 3}' });
    const message = messageOf(() => loadSettings(bad));
    expect(message).toContain("there is no setting 'confgs'");
    expect(message).toContain("the setting 'data' must be a folder's path");
    const code = write('code', {
      '.heldoutrc.yaml': '$import: ./evil.js\n',
      'evil.js': 'throw new Error("it ran");',
      '.config/config.js': 'throw new Error("it ran");',
      'heldout.config.js': 'throw new Error("it ran");',
    });
    expect(messageOf(() => loadSettings(code))).toContain("there is no setting '$import'");
    expect(loadSettings(write('none', { 'x.txt': '' })).configs).toBe(join(work, 'none', 'configs'));
  });
});

describe('inspection', () => {
  it('explains a value and all that it replaced', () => {
    const study = compose(['training.optimizer.learning_rate=5e-4', 'training.optimizer.learning_rate=2e-4']);
    expect(formatExplanations(explain(study, 'training.optimizer.learning_rate'))).toBe(
      [
        'training.optimizer.learning_rate = 0.0002',
        '  size of a step',
        '  from command line, argument 2',
        '  replaces 0.0005 from command line, argument 1',
        '  replaces 0.001 from conf/training/default.yaml:4:3',
      ].join('\n'),
    );
    expect(explain(study, 'training.monitor').map(({ key }) => key)).toEqual([
      'training.monitor.every',
      'training.monitor.examples',
    ]);
    expect(messageOf(() => explain(study, 'training.lerning_rate'))).toContain(
      "there is no key 'training.lerning_rate'",
    );
  });

  it('prints the config, a package of it, and the resolved one', () => {
    const study = compose([`training.log_every=\${training.steps}`]);
    expect(formatConfig(study)).toContain('model:\n  name: cnn\n');
    expect(formatConfig(study, { package: 'split' })).toBe(
      '# @package split\nrule: extrapolation\nfixed:\n  - shape\nshare: 0.2\n',
    );
    expect(formatConfig(study, { package: 'training' })).toContain(`log_every: \${training.steps}`);
    expect(formatConfig(study, { package: 'training', resolve: true })).toContain('log_every: 10');
    expect(messageOf(() => formatConfig(study, { package: 'spilt' }))).toContain("Package 'spilt' not found");
  });

  it('shows defaults, search path and groups', () => {
    const study = compose([]);
    expect(formatDefaultsList(study)).toContain('| model/cnn           | model    | False  | config |');
    expect(formatDefaultsTree(study)).toContain('    model: cnn\n');
    expect(formatSearchPath(study.session.repository)).toContain('experiment.yaml as experiment/NAME');
    expect(listGroups(study)).toContainEqual({ group: 'model', options: ['cnn', 'mlp'], chosen: 'cnn' });
    expect(listGroups(study)).toContainEqual({ group: 'experiment', options: ['one', 'two'], chosen: null });
  });

  it('writes JSON Schema that lets a file leave things out', () => {
    const schema = jsonSchema('training/optimizer');
    expect(JSON.stringify(schema)).toContain('size of a step');
    expect(JSON.stringify(jsonSchema())).not.toContain('"required"');
    for (const group of schemaGroups()) expect(isJsonObject(jsonSchema(group) as JsonObject)).toBe(true);
  });
});

describe("the project's own configs", () => {
  const own = (overrides: readonly string[], config = 'config') =>
    composeStudy({ settings: loadSettings(projectRoot()), config, overrides, workingFolder: projectRoot() });

  it('make 24 jobs of the out-of-distribution study, quickly', () => {
    const jobs = composeJobs(own([], 'ood.yaml'));
    expect(jobs).toHaveLength(24);
    expect(new Set(jobs.map(({ config }) => `${config.model.name} ${config.training.steps}`))).toEqual(
      new Set(['cnn 500', 'mlp 1000']),
    );
    expect(
      composeJobs(own(['training.steps=200', 'seed=0', 'split=random'], 'ood')).map(
        (job) => job.config.training.steps,
      ),
    ).toEqual([200, 200]);
  });
});

describe('speed', () => {
  it('composes a tree of 200 files in a few milliseconds a file', () => {
    const files: Record<string, string> = {};
    for (let index = 0; index < 200; index += 1) {
      files[`big/part/p${index}.yaml`] = `a: {x${index}: ${index}, y: [1, 2, 3]}\nb: {c: {d: ${index}}}\n`;
    }
    files['big/big.yaml'] = `defaults:\n${Object.keys(files)
      .map((_, index) => `  - part@p${index}: p${index}\n`)
      .join('')}`;
    const folder = write('many', files);
    const before = process.cpuUsage();
    const study = compose([], { config: join(folder, 'big/big.yaml') });
    const { user, system } = process.cpuUsage(before);
    expect(study.defaults.rows).toHaveLength(201);
    expect((user + system) / 1000).toBeLessThan(200 * 5);
  });
});
