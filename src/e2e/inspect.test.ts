import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '../core/files/paths.js';
import { runCommand, temporaryFolder } from './cli.js';

const folder = temporaryFolder();
const results = join(folder, 'results');
const hook = join(folder, 'hook.mjs');
const ood = ['--config', 'ood.yaml', `paths.results=${results}`];
let count = 0;

/** Appends the URL or name of every module that is loaded, by import or by require, to the file in `LOADED`. */
const hookSource = `
import { appendFileSync } from 'node:fs';
import Module, { register } from 'node:module';
const load = Module._load;
Module._load = function (request, ...rest) {
  appendFileSync(process.env.LOADED, request + '\\n');
  return load.call(this, request, ...rest);
};
const source = \`
import { appendFileSync } from 'node:fs';
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  appendFileSync(process.env.LOADED, found.url + '\\\\n');
  return found;
}\`;
register('data:text/javascript,' + encodeURIComponent(source));
`;
const heavy = /node_modules\/(@tensorflow|vega|vega-lite|sharp)\/|^(@tensorflow|vega|sharp)/m;

beforeAll(() => {
  writeFileSync(hook, hookSource);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The environment in which a command tells what it loads, and where it does. */
function watchModules() {
  const loaded = join(folder, `loaded-${count++}.txt`);
  return { loaded, environment: { LOADED: loaded, NODE_OPTIONS: `--import=${hook}` } };
}

/** Runs a command that looks and changes nothing: no heavy package is loaded, no results folder made. */
async function look(...words: readonly string[]): Promise<string> {
  const { loaded, environment } = watchModules();
  const { code, stdout, stderr } = await runCommand('experiment', words, environment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const modules = readFileSync(loaded, 'utf8');
  expect(modules).toContain('main.mjs');
  expect(modules.match(heavy)).toBeNull();
  expect(existsSync(results)).toBe(false);
  return stdout;
}

it.each(["import('@tensorflow/tfjs-core')", "require('sharp')", "import('vega')"])(
  'what is loaded is seen: %s',
  async (code) => {
    const { loaded, environment } = watchModules();
    await execa('node', ['-e', code], { cwd: projectRoot(), env: environment });
    expect(readFileSync(loaded, 'utf8')).toMatch(heavy);
  },
);

describe.concurrent('looking without running', () => {
  it('--cfg job prints the composed config', async () => {
    const config = parse(await look(...ood, 'model=mlp', '--cfg', 'job'));
    expect(config).toMatchObject({
      study: { name: 'held-out-dsprites', alias: ['ood'] },
      model: { name: 'mlp', widths: [90, 90, 90, 90, 22] },
      training: { steps: 1000, optimizer: { name: 'adam', learning_rate: 5e-4 } },
      paths: { results },
    });
  });

  it('--cfg job --package prints a part, and --resolve resolves it', async () => {
    const words = [
      ...ood,
      `++training.log_every=\${training.steps}`,
      '--cfg',
      'job',
      '--package',
      'training',
    ];
    expect(await look(...words)).toMatch(/^# @package training\n[\s\S]*^log_every: \$\{training\.steps\}$/m);
    expect(parse(await look(...words, '--resolve'))).toMatchObject({ steps: 500, log_every: 500 });
  });

  it('--info shows how a config is composed', async () => {
    expect(parse(await look(...ood, '--info', 'config'))).toMatchObject({ mode: 'multirun' });
    expect(await look(...ood, '--info', 'defaults')).toMatch(
      /^\| experiment\/held-out-dsprites +\| +\| True +\| config +\|$/m,
    );
    expect(await look(...ood, '--info', 'defaults-tree')).toContain(
      '<root>:\n  ood:\n    config:\n      dataset: dsprites-reduced:\n        dataset/dsprites\n        _self_\n',
    );
    expect(await look(...ood, '--info', 'searchpath')).toContain(join(projectRoot(), 'configs'));
  });

  it('--dry-run prints the plan', async () => {
    const plan = await look(...ood, '--dry-run');
    expect(plan).toContain(
      '24 runs and 8 references: model cnn, mlp × split random, composition, interpolation, extrapolation × seed 0, 1, 2',
    );
    expect(plan).toContain('32 to do');
    expect(plan.match(/^ {2}[0-9a-f]{10} {2}to do/gm)).toHaveLength(32);
  });

  it('--multirun sweeps, and --config-dir adds options', async () => {
    mkdirSync(join(folder, 'more', 'model'), { recursive: true });
    writeFileSync(join(folder, 'more', 'model', 'tiny.yaml'), 'name: mlp\nwidths: [4]\n');
    const words = ['--config-dir', join(folder, 'more'), `paths.results=${results}`, 'model=tiny,mlp'];
    const plan = await look(...words, '--multirun', '--dry-run');
    expect(plan).toContain('2 runs and 2 references: model tiny, mlp');
    expect(plan).toContain('model=tiny');
  });

  it('--help lists options, commands and groups', async () => {
    const help = await look('--help');
    for (const line of ['--dry-run ', '-m, --multirun ', 'explain KEY ', 'evaluate RUN '])
      expect(help).toContain(line);
    expect(help).toMatch(
      /^ {2}model +\[cnn\] {2}digit_cnn {2}exponentiated_gradient {2}majority {2}mlp {2}mlp-small {2}nac {2}nac-dense {2}.* {2}vit {2}.*vit_tiny_patch16$/m,
    );
    expect(help).toMatch(
      /^ {2}split +composition {2}.*\[extrapolation\] {2}.*interpolation {2}.*random {2}/m,
    );
  });

  it('explain says where a value is from and what it replaced', async () => {
    expect(await look('explain', 'training.steps', ...ood, 'model=mlp', 'training.steps=7')).toBe(
      `training.steps = 7
  updates of the parameters
  from command line, argument 3
  replaces 1000 from experiments/held-out-dsprites/steps/mlp.yaml:2:1
  replaces 500 from configs/training/default.yaml:7:1`,
    );
    expect(await look('explain', 'training.optimizer', ...ood)).toContain(
      'training.optimizer.learning_rate = 0.0005\n  size of a step\n  from configs/training/optimizer/adam.yaml:2:1',
    );
  });

  it('explain says that the study sweeps a key', async () => {
    expect(await look('explain', 'seed', ...ood)).toContain(
      '  the study sweeps seed=0,1,2; without the sweep:\n  from configs/config.yaml:',
    );
  });

  it('schema writes what editors read', async () => {
    expect(await look('schema')).toContain('"yaml.schemas"');
    const schema = JSON.parse(readFileSync(join(projectRoot(), '.cache', 'schema', 'config.json'), 'utf8'));
    expect(Object.keys(schema.properties)).toContain('training');
  });

  it('doctor says what works here', async () => {
    const text = await look('doctor', `paths.results=${results}`);
    expect(text).toContain(`Node ${process.version}`);
    expect(text).toMatch(/^ {2}works {2}wasm /m);
    const report = JSON.parse(await look('doctor', '--json', `paths.results=${results}`));
    expect(report.backends).toContainEqual(expect.objectContaining({ tier: 'wasm', works: true }));
  });

  it('status says what is done', async () => {
    expect(await look('status', `paths.results=${results}`)).toContain('Nothing was run yet');
    expect(JSON.parse(await look('status', '--json', `paths.results=${results}`))).toEqual([]);
  });

  it('clean finds nothing', async () => {
    expect(await look('clean', `paths.results=${results}`)).toContain('Nothing to remove');
  });
});
