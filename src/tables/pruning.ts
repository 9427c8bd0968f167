import { displayName, type HeldOutResults } from '../analysis/held-out.js';
import { areaUnder, curveOf, listOrders, listPoints, type PrunedPoint } from '../analysis/pruning.js';
import { summarize } from '../analysis/summary.js';
import { countRuns, toCell } from './held-out.js';
import type { Row, Table } from './table.js';

interface PrunedRuns {
  readonly split: string;
  readonly model: string;
  /** Of every run. */
  readonly points: readonly (readonly PrunedPoint[])[];
}

/** Accuracy by the share of processors that stay, a row per model and order; a section per set. */
export function tabulatePrunedAccuracy(results: HeldOutResults, dataset: string): Omit<Table, 'name'> {
  const runs = listRuns(results, dataset);
  const all = runs.flatMap(({ points }) => points.flat());
  const shares = listShares(all);
  const sets = [...new Set(all.map(({ set }) => set))];
  const rows = runs.flatMap(({ split, model, points }) =>
    sets.flatMap((set) =>
      listOrders(points.flat()).map((order): Row & { readonly set: string } => {
        const curves = points
          .map((own) =>
            curveOf(
              own.filter((point) => point.set === set),
              order,
            ),
          )
          .filter((curve) => curve.length > 0);
        const at = (share: string) =>
          curves.flatMap((curve) => curve.find((point) => percent(point.share) === share)?.value ?? []);
        const cells = shares.map((share) => toCell(summarize(at(share)), true));
        const area = toCell(summarize(curves.flatMap((curve) => areaUnder(curve) ?? [])), true);
        return {
          set,
          header: [displayName(model), order],
          section: `${split}: ${set}`,
          ranked: true,
          cells: [...cells, area, countRuns([curves.length])],
        };
      }),
    ),
  );
  return {
    title: `Accuracy of pruned circuits by share of processors on ${dataset}`,
    caption: [
      'Accuracy, mean over targets, of trained circuits with some of their processors and all other weights; nothing is trained again. degree: those with the fewest links go first; hubs-first: those with the most; random: drawn, mean over draws.',
      'area: mean height of the curve of accuracy by share, from the smallest share to all.',
    ],
    stub: ['model', 'order'],
    columns: [...[...shares, 'area'].map((label) => ({ label, best: 'highest' as const })), { label: 'n' }],
    rows: rows.sort((a, b) => sets.indexOf(a.set) - sets.indexOf(b.set)).map(({ set: _, ...row }) => row),
  };
}

/** How many times as many images per second a pruned circuit makes as the whole one. */
export function tabulatePrunedSpeed(results: HeldOutResults, dataset: string): Omit<Table, 'name'> {
  const runs = listRuns(results, dataset);
  const shares = listShares(runs.flatMap(({ points }) => points.flat()));
  const rows = runs.map(({ split, model, points }): Row => {
    const gains = (share: string) =>
      points.flatMap((own) => {
        const whole = own.find(({ kept, of }) => kept === of)?.value;
        const value = own.find(({ kept, of }) => percent(kept / of) === share)?.value;
        return whole === undefined || value === undefined ? [] : [value / whole];
      });
    const cells = shares.map((share) => toCell(summarize(gains(share)), true));
    return {
      header: [displayName(model)],
      section: split,
      ranked: true,
      cells: [...cells, countRuns([points.length])],
    };
  });
  return {
    title: `Speed of pruned circuits by share of processors on ${dataset}`,
    caption: [
      'Images per second of the prediction alone, in multiples of those of the whole circuit, as timed in one process.',
    ],
    stub: ['model'],
    columns: [...shares.map((label) => ({ label })), { label: 'n' }],
    rows,
  };
}

function listRuns({ order: { splits, models }, find }: HeldOutResults, dataset: string): PrunedRuns[] {
  return splits.flatMap((split) =>
    models.flatMap((model) => {
      const points = find(dataset, model, split)
        .map(listPoints)
        .filter((own) => own.length > 0);
      return points.length === 0 ? [] : [{ split, model, points }];
    }),
  );
}

/** From all to the fewest. */
function listShares(points: readonly PrunedPoint[]): string[] {
  return [
    ...new Set(
      points
        .map(({ kept, of }) => kept / of)
        .sort((a, b) => b - a)
        .map(percent),
    ),
  ];
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
