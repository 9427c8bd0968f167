import { displayName, type HeldOutResults, listSubSplits, summarizeKey } from '../analysis/held-out.js';
import { rowKey } from '../analysis/records.js';
import { type Summary, summarize } from '../analysis/summary.js';
import { type Cell, type Column, missing, type Row, type Table } from './table.js';

/** Table 1: one row per model and reference, train and test R² per split. */
export function tabulateSplits(results: HeldOutResults, dataset: string): Omit<Table, 'name'> {
  const { models, references, splits, targets } = results.order;
  const columns: Column[] = splits.flatMap((split) =>
    ['train', 'test'].map((label) => ({ group: split, label, best: 'highest' as const })),
  );
  const rows = [...models, ...references].map((model): Row => {
    const found = splits.map((split) => results.find(dataset, model, split));
    const ranked = models.includes(model);
    const cells = found.flatMap((runs) =>
      ['train', 'test'].map((set) => toCell(summarizeKey(runs, rowKey(set, {})), ranked)),
    );
    return {
      header: [displayName(model)],
      section: '',
      ranked,
      cells: [...cells, ranked ? countRuns(found.map((runs) => runs.length)) : { kind: 'text', text: '' }],
    };
  });
  return {
    title: `R² by model and split on ${dataset}`,
    caption: [
      `R² against the variance over the full grid, mean over ${listNames(targets)}, on combinations seen in training (train) and on those held out (test).`,
    ],
    stub: ['model'],
    columns: [...columns, { label: 'n' }],
    rows,
  };
}

/** Table 2: test R² per factor; one section per split. */
export function tabulateFactors(results: HeldOutResults, dataset: string): Omit<Table, 'name'> {
  const { models, references, splits, targets } = results.order;
  const keys = [...targets.map((target) => rowKey('test', { target })), rowKey('test', {})];
  const rows = splits.flatMap((split) =>
    [...models, ...references].map((model): Row => {
      const runs = results.find(dataset, model, split);
      const ranked = models.includes(model);
      const cells = keys.map((key) => toCell(summarizeKey(runs, key), ranked));
      const n: Cell = ranked ? countRuns([runs.length]) : { kind: 'text', text: '' };
      return { header: [displayName(model)], section: split, ranked, cells: [...cells, n] };
    }),
  );
  return {
    title: `Test R² by factor and split on ${dataset}`,
    caption: ['R² of each factor on held-out combinations, against its variance over the full grid.'],
    stub: ['model'],
    columns: [...[...targets, 'mean'].map((label) => ({ label, best: 'highest' as const })), { label: 'n' }],
    rows,
  };
}

/** Table 3: R² of the factors in and out of distribution where exactly one factor is out of it. */
export function tabulateSubSplits(results: HeldOutResults, dataset: string): Omit<Table, 'name'> {
  const { models, references, splits, targets } = results.order;
  const withSubSplits = splits.filter((split) => listSubSplits(results, dataset, split).length > 0);
  const held = targets.filter((target) =>
    withSubSplits.some((split) => listSubSplits(results, dataset, split).includes(target)),
  );
  const shown = [...splits.filter((split) => split === 'random' && held.length > 0), ...withSubSplits];
  const sides = ['in', 'out'] as const;
  const columns: Column[] = shown.flatMap((split) =>
    sides.map((label) => ({ group: split, label, best: 'highest' as const })),
  );
  const sections = held.length > 1 ? [...held, 'one'] : held;
  const rows = sections.flatMap((factor) =>
    [...models, ...references].map((model): Row => {
      const found = shown.map((split) => results.find(dataset, model, split));
      const ranked = models.includes(model);
      const cells = shown.flatMap((split, index) =>
        sides.map((side) => {
          const summary = withSubSplits.includes(split)
            ? summarizeKey(found[index]!, rowKey('test', { held: factor, targets: side }))
            : summarizeSide(found[index]!, factor === 'one' ? held : [factor], targets, side);
          return toCell(summary, ranked);
        }),
      );
      return {
        header: [displayName(model)],
        section: factor === 'one' ? 'mean over the factors held out' : `${factor} held out`,
        ranked,
        cells: [...cells, ranked ? countRuns(found.map((runs) => runs.length)) : { kind: 'text', text: '' }],
      };
    }),
  );
  const random = shown.includes('random')
    ? ['Under random: R² of the same factors on the random test split, what a modular model would keep.']
    : [];
  return {
    title: `R² in and out of distribution with one factor held out on ${dataset}`,
    caption: [
      'Test examples in which exactly the named factor has a held-out value; in: mean R² of all other factors, which are in distribution; out: R² of the named factor.',
      ...random,
    ],
    stub: ['model'],
    columns: [...columns, { label: 'n' }],
    rows,
  };
}

/**
 * What the sub-splits' values would be without held-out values, from a split that has none: per run, R² of
 * the other factors (`in`) or of the factor itself (`out`), averaged over the factors.
 */
function summarizeSide(
  runs: readonly ReadonlyMap<string, number>[],
  factors: readonly string[],
  targets: readonly string[],
  side: 'in' | 'out',
): Summary | undefined {
  const perRun = runs.flatMap((values) => {
    const parts = factors.flatMap((factor) => {
      const chosen = targets.filter((target) => (target === factor) === (side === 'out'));
      return average(chosen.flatMap((target) => values.get(rowKey('test', { target })) ?? []));
    });
    return average(parts);
  });
  return summarize(perRun);
}

/** The mean as a list of one; empty for no values. */
function average(values: readonly number[]): number[] {
  return values.length === 0 ? [] : [values.reduce((sum, value) => sum + value, 0) / values.length];
}

export function toCell(summary: Summary | undefined, trained: boolean): Cell {
  if (summary === undefined) return missing;
  if (!trained) return { kind: 'value', value: summary.mean };
  return { kind: 'estimate', mean: summary.mean, halfWidth: summary.halfWidth, n: summary.n };
}

/** `3`, or `3, 2, 3` where columns rest on different numbers of runs. */
export function countRuns(counts: readonly number[]): Cell {
  return { kind: 'text', text: new Set(counts).size <= 1 ? String(counts[0] ?? 0) : counts.join(', ') };
}

export function listNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
