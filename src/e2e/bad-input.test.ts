import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../core/files/paths.js';
import { type CommandResult, callCommand, runCommand, temporaryFolder } from './cli.js';
import { listFilesBelow } from './files.js';

const folder = temporaryFolder();
const results = join(folder, 'results');
const configs = join(folder, 'configs');

/** Configs that are wrong, by name; `DEFAULTS` stands for what makes the rest of them right. */
const files: Readonly<Record<string, string>> = {
  keys: 'DEFAULTS\ntraining:\n  stepz: 3\n  steps: abc\nmodle: x\n',
  brackets: 'DEFAULTS\ntraining: {steps: 3\nseed: 1\n',
  twice: 'DEFAULTS\nseed: 1\nseed: 2\n',
  tab: 'DEFAULTS\ntraining:\n\tsteps: 3\n',
  circle: 'defaults: [round, _self_]\n',
  round: 'defaults: [circle, _self_]\n',
  interpolation: `DEFAULTS\nseed: \${training.steps}\ntraining: {steps: "\${seed}"}\n`,
  misspelt: `DEFAULTS\nseed: \${traning.steps}\n`,
  above: 'defaults: [config, ../outside/secret]\n',
  absolute: 'defaults:\n  - config\n  - model: /etc/passwd\n',
  link: 'defaults: [config, linked]\n',
  bare: 'seed: 1\n',
  list: '- seed\n',
};

beforeAll(() => {
  mkdirSync(configs);
  mkdirSync(join(folder, 'outside'));
  writeFileSync(join(folder, 'outside', 'secret.yaml'), 'seed: 1\n');
  symlinkSync(join(folder, 'outside', 'secret.yaml'), join(configs, 'linked.yaml'));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(configs, `${name}.yaml`), text.replace('DEFAULTS', 'defaults: [config, _self_]'));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command that must be refused: exit 2, one message, no stack, nothing written. */
async function refuse(words: readonly string[], program = 'experiment'): Promise<string> {
  return expectRefusal(await callCommand(program, [...words, `paths.results=${results}`]));
}

function expectRefusal({ code, stdout, stderr }: CommandResult): string {
  expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '' });
  expect(stderr).not.toMatch(/internal error|^ +at /m);
  expect(listFilesBelow(results)).toEqual([]);
  return stderr;
}

const ood = ['--config', 'ood.yaml'];
const config = (name: string) => join(configs, `${name}.yaml`);

describe('an override', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['of an unknown group', ['modle=mlp'], ["argument 1: Could not override 'modle'", 'did you mean model?']],
    [
      'with an unknown option',
      ['seed=1', 'model=mpl'],
      [
        "argument 2: In 'config': Could not find 'model/mpl'",
        "did you mean 'mlp'?",
        'cnn, exponentiated_gradient, majority, mlp, mlp-small, nac, nac-dense,',
      ],
    ],
    ['of an unknown key', ['training.stps=3'], ['did you mean training.steps?']],
    ['of a key of another section', ['lr=1'], ["override 'lr'"]],
    [
      'of a key by its initials',
      ['training.optimizer.lr=1'],
      ['did you mean training.optimizer.learning_rate?'],
    ],
    [
      'of a key far from any',
      ['training.zzz=1'],
      ['keys of training are optimizer, schedule, steps, batch_size'],
    ],
    [
      'that breaks the grammar',
      ['model.widths=[64,,64'],
      ["argument 1: expected a value, found ','", '  model.widths=[64,,64\n                   ^'],
    ],
    ['that ends early', ['seed=1,'], ['found the end', '  seed=1,\n         ^']],
    ['that leads out of the search path', ['model=../../x'], ["'model/../../x' is refused", '--config-dir']],
  ])('%s', async (_, words, parts) => {
    const message = await refuse([...ood, ...words]);
    for (const part of parts) expect(message).toContain(part);
  });

  it('of a wrong type or out of range: all are shown in their order, each with its place', async () => {
    const message = await refuse([
      ...ood,
      'training.steps=abc',
      'training.batch_size=-1',
      'training.optimizer.learning_rate=11',
      'split.share=2',
      'training.log_every=0.5',
    ]);
    expect(message.split('\n\n')).toEqual([
      'error: command line, argument 1: training.steps must be a whole number, not "abc"\n  → training.steps: updates of the parameters',
      'error: command line, argument 2: training.batch_size must be at least 1, not -1\n  → training.batch_size: examples in one update',
      'error: command line, argument 3: training.optimizer.learning_rate must be at most 10, not 11\n  → training.optimizer.learning_rate: size of a step',
      'error: command line, argument 4: split.share must be less than 1, not 2\n  → split.share: held-out share r of the levels of each factor',
      'error: command line, argument 5: training.log_every must be a whole number, not 0.5\n  → training.log_every: steps between two lines of metrics.jsonl',
    ]);
  });

  it.each([
    ['model.widths=[64,,64', 'seed=1', 'split=['],
    ['modl/x=mlp', 'seed=1', '++model=mlp'],
    ['training.stps=3', 'seed=1', 'split.shar=0.3'],
  ])('that is wrong in one way or another, with a second: %s', async (...words) => {
    const message = await refuse([...ood, ...words]);
    const places = [...message.matchAll(/^error: command line, argument (\d)/gm)].map(([, number]) => number);
    expect(places).toEqual(['1', '3']);
  });

  it('that leaves a set of a split empty, before anything runs', async () => {
    const message = await refuse([...ood, 'split.share=0.999', 'split=extrapolation,random']);
    expect(message).toContain('argument 1: split.share: the extrapolation split leaves no example for train');
    expect(message).toContain('argument 1: split.share: the random split leaves no example for train');
    expect(message).toContain('→ split.share=0.2');
    expect(await refuse([...ood, 'split.fixed=[shap]', '--dry-run'])).toContain(
      "split.fixed: there is no variable 'shap'",
    );
  });

  it('that asks for a file of data that is not there', async () => {
    const { code, stderr } = await callCommand(
      'experiment',
      [...ood, 'dataset.source=archive', `paths.results=${results}`],
      { HELDOUT_DATA: folder },
    );
    expect(code).toBe(2);
    expect(stderr).toContain(`dataset.source: the dSprites archive is not in ${folder}`);
    expect(stderr).toContain('→ dataset.source=rendered');
  });
});

describe('a config', () => {
  it.each<readonly [string, string, readonly string[]]>([
    [
      'with unknown keys and a wrong value',
      'keys',
      [
        'keys.yaml:4:3: training.steps must be a whole number, not "abc"',
        "keys.yaml:3:3: there is no key 'training.stepz'\n  → did you mean 'steps'?",
        "keys.yaml:5:1: there is no key 'modle'\n  → did you mean 'mode'?",
      ],
    ],
    ['with a bracket that stays open', 'brackets', ['brackets.yaml:3:1: Flow map', '  seed: 1\n  ^']],
    ['with a key twice', 'twice', ['twice.yaml:3:1: this key stands here twice', '  seed: 2\n  ^']],
    ['with a tab', 'tab', ['tab.yaml:3:1: a tab cannot indent YAML: use spaces']],
    [
      'whose defaults run in a circle',
      'circle',
      ['round.yaml:1:12', 'run in a circle: circle → round → circle'],
    ],
    [
      'whose interpolations run in a circle',
      'interpolation',
      ['interpolation.yaml:2:1: seed: the interpolations run in a circle: seed → training.steps → seed'],
    ],
    [
      'that interpolates an unknown key',
      'misspelt',
      ["misspelt.yaml:2:1: seed: Interpolation key 'traning.steps' not found", `mean \${training.steps}?`],
    ],
    ['that leads out by ..', 'above', ["above.yaml:1:20: '../outside/secret' is refused"]],
    ['that leads out by an absolute path', 'absolute', ["absolute.yaml:3:5: 'model//etc/passwd' is refused"]],
    ['that leads out by a link', 'link', ["link.yaml:1:20: 'linked' is a link that leads out"]],
    [
      'that lacks sections',
      'bare',
      ['Missing mandatory value: dataset', 'Missing mandatory value: model', "begin with '- config'"],
    ],
    ['that holds no keys', 'list', ['list.yaml:1:1: a config file holds keys and values']],
  ])('%s', async (_, name, parts) => {
    const message = await refuse(['--config', config(name)]);
    for (const part of parts) expect(message).toContain(part);
  });

  it('whose name is misspelt', async () => {
    const message = await refuse(['--config', 'odd.yaml']);
    expect(message).toContain("--config: there is no config 'odd.yaml'\n  → did you mean 'ood'?");
    expect(message).toContain('configs are assay, config, domainbed, fairness, nac, ood');
    expect(await refuse([...ood, '--config-dir', 'nowhere'])).toContain('nowhere');
  });
});

describe.concurrent('npm without its --', () => {
  it.each([
    [['--config', 'ood.yaml'], '--config ood.yaml'],
    [['--dry-run'], '--dry-run'],
    [['--info', 'defaults'], '--info defaults'],
  ])('%j: the line to type is shown', async (words, line) => {
    const { exitCode, stdout, stderr } = await execa('npm', ['run', 'experiment', ...words], {
      reject: false,
      cwd: projectRoot(),
      env: { NO_COLOR: '1' },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`a \`--\` is missing\n  → npm run experiment -- ${line}`);
    expect(stdout).not.toContain(' to do');
  });
});

describe('a command line', () => {
  it('without a word shows the help and starts nothing', async () => {
    const { code, stdout, stderr } = await runCommand('experiment', []);
    expect(code).toBe(2);
    expect(stdout).toContain('npm run experiment -- --config ood.yaml');
    expect(stderr).toContain('Nothing was started');
  });

  it.each<readonly [readonly string[], readonly string[]]>([
    [['stats'], ["'stats' is no command", 'did you mean status?', 'commands: run, explain']],
    [['--dryrun'], ['there is no option --dryrun', 'did you mean --dry-run?']],
    [['-x'], ['there is no option -x', 'npm run experiment -- --help']],
    [
      ['--cfg', 'jobb'],
      ["--cfg takes one of job, all, not 'jobb'", 'did you mean --cfg job?'],
    ],
    [['--config'], ['--config needs a value']],
    [['--package', 'training'], ['--package goes with --cfg']],
    [
      ['--cfg', 'job', '--package', 'traning'],
      ["Package 'traning' not found", 'did you mean training?'],
    ],
    [['explain'], ['explain needs a key', 'explain training.optimizer.learning_rate']],
    [
      ['explain', 'training.step'],
      ["there is no key 'training.step'", 'did you mean training.steps?'],
    ],
    [['evaluate'], ['needs RUN', 'status STUDY lists the runs']],
    [
      ['evaluate', '0123456789'],
      ["there is no run '0123456789'", 'nothing was run yet'],
    ],
    [
      ['check', 'nothing'],
      ["nothing was run under the name 'nothing'", '--config ood.yaml'],
    ],
    [['status', 'nothing'], ["nothing was run under the name 'nothing'"]],
    [['clean', 'nothing'], ["nothing was run under the name 'nothing'"]],
  ])('%j', async (words, parts) => {
    const { code, stdout, stderr } = await callCommand('experiment', [
      ...words.filter((word) => word !== '--config'),
      `paths.results=${results}`,
      ...words.filter((word) => word === '--config'),
    ]);
    const message = expectRefusal({ code, stdout, stderr });
    for (const part of parts) expect(message).toContain(part);
  });

  it.each(['tables', 'figures'])('%s of an unknown study', async (program) => {
    expect(await refuse(['nothing'], program)).toContain("nothing was run under the name 'nothing'");
    expect(await refuse([], program)).toContain('needs STUDY');
  });
});
