import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readTextIfThere } from '../core/files/files.js';
import { parseRecord, type RunRecord } from '../evaluation/record.js';
import { listRuns } from '../runs/list.js';
import { makeProject } from './project.js';

const words = [
  ...[
    'dataset=sprites',
    'dataset.side=32',
    'dataset.draws=4',
    'split=sprites-ood',
    'model=mlp',
    'model.widths=[16]',
  ],
  ...[
    'evaluation=classification',
    'evaluation.references=[]',
    'objective=cross_entropy',
    'engine.backend=wasm',
  ],
  ...['evaluation.train_examples=64', 'evaluation.test_examples=64', 'evaluation.batch_size=32'],
  ...[
    'training.steps=60',
    'training.batch_size=32',
    'training.monitor.every=60',
    'training.optimizer.learning_rate=3e-3',
  ],
];
const attacks =
  '{kinds: [fgsm, pgd], sizes: [0.02, 0.1], steps: 5, examples: 24, sets: [iid], target: hue, save: true}';
const corruptions = '{kinds: [gaussian_noise, contrast], severities: [1, 5], examples: 24, sets: [iid]}';
const detection = '{scores: [msp, knn], in: iid, out: [mix], target: hue}';

it('scores under attack, on corrupted images and against other sets, when training ends and later', async () => {
  const project = makeProject();
  const both = [
    'experiment',
    `+evaluation.attacks=${attacks}`,
    `+evaluation.corruptions=${corruptions}`,
  ] as const;
  const first = await project.run(...both, ...words, `+evaluation.ood_detection=${detection}`);
  expect({ code: first.code, stderr: first.code === 0 ? '' : first.stderr }).toEqual({ code: 0, stderr: '' });
  for (const title of ['Accuracy under attack', 'Errors on corrupted images', 'AUROC'])
    expect(first.stdout).toContain(title);
  const [run] = listRuns(project.results);
  const { rows } = readRecord(run!.paths.record);
  const value = (metric: string, group: object) => {
    const found = rows.filter((row) => row.metric === metric && row.set === 'iid');
    const [one, ...others] = found.filter((row) => JSON.stringify(row.group) === JSON.stringify(group));
    expect({ group, others }).toEqual({ group, others: [] });
    return one!.value;
  };
  const attacked = (attack: string, size: string) =>
    value('accuracy_under_attack', { attack, norm: 'linf', size });
  const clean = attacked('none', '0');
  for (const size of ['0.02', '0.1']) {
    const each = ['fgsm', 'pgd'].map((attack) => attacked(attack, size));
    expect(Math.max(...each)).toBeLessThanOrEqual(clean);
    expect(attacked('all', size)).toBeLessThanOrEqual(Math.min(...each));
  }
  expect(attacked('all', '0.1')).toBeLessThan(clean);
  expect(existsSync(run!.paths.attacks)).toBe(true);
  const corrupted = (corruption: string, severity: string) =>
    value('corrupted_accuracy', { corruption, severity });
  expect(corrupted('contrast', '5')).toBeLessThanOrEqual(corrupted('none', '0'));

  const later = await project.run(
    'experiment',
    'evaluate',
    run!.run,
    `evaluation.attacks=${attacks.replace('[iid]', '[ood]')}`,
  );
  expect(later.code).toBe(1);
  expect(later.stderr).toContain("evaluation.attacks.sets: the split has no set 'ood' with examples");
  const on = await project.run(
    'experiment',
    'evaluate',
    run!.run,
    `evaluation.attacks=${attacks.replace('[iid]', '[mix]')}`,
  );
  expect({ code: on.code, stderr: on.code === 0 ? '' : on.stderr }).toEqual({ code: 0, stderr: '' });
  expect(on.stdout).toMatch(/accuracy_under_attack all linf 0\.1 +mix +0\.\d{4}\n/);
});

function readRecord(path: string): RunRecord {
  return parseRecord(readTextIfThere(path) ?? '', path);
}
