import type { RecordRow } from '../predictions.js';
import type { RunRecord } from '../record.js';

export interface SyntheticStudy {
  readonly models: readonly string[];
  readonly splits: readonly string[];
  readonly seeds: number;
  readonly dataset?: string;
  readonly references?: readonly string[];
}

const targets = ['shape', 'scale', 'orientation', 'x', 'y'];
const held = ['scale', 'orientation', 'x', 'y'];
const difficulty: Readonly<Record<string, number>> = {
  random: 0.01,
  composition: 0.03,
  interpolation: 0.08,
  extrapolation: 0.55,
};

/** Records with the rows of a real study and numbers made up from the names: the same ones every time. */
export function makeRecords(study: SyntheticStudy): RunRecord[] {
  const { models, splits, seeds, dataset = 'dsprites', references = ['train_mean', 'nearest_seen'] } = study;
  const jobs = [
    ...models.flatMap((model) =>
      Array.from({ length: seeds }, (_, seed) => ({ model, seed, protocol: 'supervised' })),
    ),
    ...references.map((model) => ({ model, seed: 0, protocol: 'reference' })),
  ];
  return jobs.flatMap(({ model, seed, protocol }) =>
    splits.map((split) => ({
      schema: 1 as const,
      run: `${dataset}-${model}-${split}-${seed}`,
      labels: { dataset, model, split, seed: String(seed), protocol },
      rows: makeRows(model, split, seed),
    })),
  );
}

function makeRows(model: string, split: string, seed: number): RecordRow[] {
  const loss = (name: string, out: boolean) => {
    const base = difficulty[split] ?? 0.1;
    const spread = 1 + 0.25 * wave(`${model} ${name} ${seed}`);
    if (model === 'train_mean') return out ? 3.05 : 1;
    if (model === 'nearest_seen') return out ? 0.25 : 0;
    return (out ? 1.6 * base : 0.02) * spread * (model === 'mlp' ? 1.8 : 1);
  };
  const row = (
    set: string,
    metric: string,
    group: Record<string, string>,
    value: number,
    n: number,
  ): RecordRow => ({
    set,
    metric,
    group,
    value,
    n,
  });
  const oneMetric = (metric: string, score: (loss: number) => number): RecordRow[] => {
    const rows: RecordRow[] = [];
    const average = (losses: readonly number[]) => score(losses.reduce((a, b) => a + b, 0) / losses.length);
    for (const [set, n] of [['train', 4096] as const, ['test', 8192] as const]) {
      const losses = targets.map((name) =>
        loss(name, set === 'test' && split !== 'random' && name !== 'shape'),
      );
      rows.push(row(set, metric, {}, average(losses), n));
      for (const [index, target] of targets.entries())
        rows.push(row(set, metric, { target }, score(losses[index]!), n));
    }
    if (split !== 'interpolation' && split !== 'extrapolation') return rows;
    for (const one of held) {
      const losses = targets.map((name) => loss(name, name === one));
      for (const [index, target] of targets.entries()) {
        rows.push(row('test', metric, { held: one, target }, score(losses[index]!), 900));
      }
      const others = losses.filter((_, index) => targets[index] !== one);
      rows.push(row('test', metric, { held: one, targets: 'in' }, average(others), 900));
      rows.push(row('test', metric, { held: one, targets: 'out' }, score(loss(one, true)), 900));
    }
    const inside = held.flatMap((one) =>
      targets.filter((name) => name !== one).map((name) => loss(name, false)),
    );
    const outside = held.map((one) => loss(one, true));
    rows.push(row('test', metric, { held: 'one', targets: 'in' }, average(inside), 3600));
    rows.push(row('test', metric, { held: 'one', targets: 'out' }, average(outside), 3600));
    return rows;
  };
  return [...oneMetric('r2', (value) => 1 - value), ...oneMetric('mse', (value) => value / 9)];
}

/** A number in [−1, 1] that depends on the text alone. */
function wave(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) sum = (sum * 31 + text.charCodeAt(index)) % 65521;
  return Math.sin(sum);
}
