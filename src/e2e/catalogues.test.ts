import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composeJobs, composeStudy, listGroups, loadSettings } from '../config/index.js';
import { DATASETS } from '../config/schema/sections/dataset.js';
import { METRICS } from '../config/schema/sections/evaluation.js';
import { LAUNCHERS } from '../config/schema/sections/execution.js';
import { FITTED_MODELS, MODELS, REFERENCE_MODELS } from '../config/schema/sections/models.js';
import { OBJECTIVES } from '../config/schema/sections/objective.js';
import { PROTOCOLS } from '../config/schema/sections/protocol.js';
import { SPLITS } from '../config/schema/sections/split.js';
import { OPTIMIZERS, SCHEDULES } from '../config/schema/sections/training.js';
import { nodeAt } from '../config/tree.js';
import { projectRoot } from '../core/files/paths.js';
import { datasets } from '../datasets/index.js';
import { metrics } from '../evaluation/index.js';
import { launchers } from '../launchers/index.js';
import { modelNames } from '../models/index.js';
import { objectiveNames } from '../objectives/index.js';
import { protocolNames } from '../protocols/index.js';
import { splitRules } from '../splits/index.js';
import { optimizerNames } from '../training/optimizers/index.js';
import { scheduleNames } from '../training/schedules.js';

const settings = loadSettings(projectRoot());
const compose = (overrides: readonly string[], config = 'config') =>
  composeStudy({ settings, config, overrides });

/** Options of every group, and what else one of them needs to make a config. */
const groups = new Map(listGroups(compose([])).map(({ group, options }) => [group, options]));
const companions: Readonly<Record<string, readonly string[]>> = Object.fromEntries([
  ...REFERENCE_MODELS.map((name) => [`model=${name}`, ['protocol=reference']]),
  ['protocol=reference', ['model=train_mean']],
  ...FITTED_MODELS.map((name) => [`model=${name}`, ['protocol=fitted']]),
  ['protocol=fitted', ['model=exponentiated_gradient']],
  [
    'dataset=attribute_folder',
    ['dataset.path=faces', 'dataset.attributes=faces.csv', 'dataset.target=Smiling'],
  ],
  ['dataset=wilds_csv', ['dataset.path=wilds']],
  ['dataset=csv', ['dataset.file=mine.csv', 'dataset.target=hired']],
  ['experiment=two-heads-csv', ['dataset.file=mine.csv', 'dataset.target=hired', 'dataset.protected=sex']],
  ['protocol=pruned', ['model=nac', 'protocol.of=0123456789']],
  ['training/augment=deit', ['objective=cross_entropy']],
  ['protocol=adapt', ['protocol.from=upstream']],
  [
    'protocol=merged',
    ['protocol.from=0123456789', 'protocol.weights=[-1]', 'protocol.constant=0.5', 'objective=cross_entropy'],
  ],
  ['protocol=dfr', ['protocol.from=0123456789', 'protocol.set=retrain']],
  ['protocol=averaged', ['protocol.from=[0123456789,abcdef0123]']],
  ['protocol=functions', ['model=neural_interpreter', 'protocol.from=0123456789']],
  [
    'protocol=evaluated',
    [
      'protocol.from=0123456789',
      `protocol.checkpoint="${'0'.repeat(64)}"`,
      'protocol.dataset={name: merit_stripes}',
      'protocol.split={rule: random}',
    ],
  ],
]);

/** What chooses an option: the size of one model or dataset is that of all, for this one. */
function wordsOf(option: string): string[] {
  const [, size, name] = /^size\/(\w+)=(.+)$/.exec(option) ?? [];
  if (size === undefined) return [option];
  const group = ['model', 'dataset'].find((one) => groups.get(one)!.includes(name!));
  return [`size=${size}`, `${group}=${name}`];
}

/** What the YAML files of a group say that they are. */
function namesInConfigs(group: string): Set<string> {
  const path = group.split('/');
  return new Set(
    (groups.get(group) ?? []).map((option) => {
      const { tree } = compose([`${group}=${option}`]);
      const node = nodeAt(tree, [...path, 'name']) ?? nodeAt(tree, [...path, 'rule']);
      return node?.kind === 'scalar' ? String(node.value) : `${option}, which has no name`;
    }),
  );
}

describe('what configs name, the schema knows and the code has', () => {
  it.each<readonly [string, object, readonly string[]]>([
    ['model', MODELS, [...modelNames, ...REFERENCE_MODELS, ...FITTED_MODELS]],
    ['dataset', DATASETS, Object.keys(datasets)],
    ['split', SPLITS, Object.keys(splitRules)],
    ['objective', OBJECTIVES, objectiveNames],
    ['protocol', PROTOCOLS, protocolNames],
    ['training/optimizer', OPTIMIZERS, optimizerNames],
    ['training/schedule', SCHEDULES, scheduleNames],
    ['launcher', LAUNCHERS, Object.keys(launchers)],
  ])('%s', (group, schema, modules) => {
    expect(namesInConfigs(group)).toEqual(new Set(Object.keys(schema)));
    expect(new Set(modules)).toEqual(new Set(Object.keys(schema)));
  });

  it('metrics', () => {
    expect(Object.keys(metrics)).toEqual([...METRICS]);
  });
});

describe('every file in configs and experiments makes jobs', () => {
  const options = [...groups].flatMap(([group, names]) => names.map((name) => `${group}=${name}`));
  it.each(options)('%s', (option) => {
    const words = wordsOf(option);
    expect(composeJobs(compose([...words, ...(companions[option] ?? [])])).length).toBeGreaterThan(0);
  });

  const primary = readdirSync(settings.configs).filter((name) => name.endsWith('.yaml'));
  it.each(primary)('%s', (name) => {
    expect(composeJobs(compose([], name)).length).toBeGreaterThan(0);
  });

  it('and there is no other', () => {
    const files = readdirSync(settings.configs, { recursive: true, encoding: 'utf8' });
    const reached = options.map((option) => `${option.replace('=', '/')}.yaml`);
    const all = files.filter((path) => path.endsWith('.yaml')).map((path) => path.replaceAll('\\', '/'));
    expect(new Set([...primary, ...reached.filter((path) => !path.startsWith('experiment/'))])).toEqual(
      new Set(all),
    );
    const experiments = readdirSync(settings.experiments, { withFileTypes: true });
    expect(groups.get('experiment')).toEqual(
      experiments.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
    );
    expect(readdirSync(join(settings.experiments, experiments[0]!.name))).toContain('README.md');
  });
});
