import { mean } from 'simple-statistics';
import { curveOf, listPoints } from '../../../analysis/pruning.js';
import { indexValues } from '../../../analysis/records.js';
import type { CircuitFacts } from '../../../evaluation/circuits/facts.js';
import { imagesPerSecond, type PruningRecord, prunedAccuracy } from '../../../evaluation/circuits/pruning.js';
import type { RunRecord } from '../../../evaluation/record.js';
import type { PageData, PagePruning } from './page-data.js';

export interface PageInputs {
  /** Folder of the run's study, and the name that `prune` knows it by. */
  readonly study: string;
  readonly plan: string;
  readonly facts: CircuitFacts;
  readonly record: RunRecord | undefined;
  readonly pruning: PruningRecord | undefined;
}

/** What the page of a circuit shows, from what lies in the run's folder. */
export function collectPageData({ study, plan, facts, record, pruning }: PageInputs): PageData {
  const { links, nearest, centroids, grid, images } = facts;
  const degrees = links?.after.degrees;
  return {
    title: `Circuit of run ${facts.run}`,
    facts: describe(facts, study, record),
    modules: centroids.map(([x, y], module) => ({
      degree: degrees?.[module] ?? null,
      community: links?.after.communities[module] ?? null,
      x,
      y,
      signature: nearest.signature?.[module] ?? null,
      code: nearest.code[module] ?? [],
    })),
    edges: links?.after.edges.map(([a, b]) => [a, b, links.after.probabilities[a]![b]!] as const) ?? [],
    grid,
    images: images.map(({ example: _, ...image }) => image),
    pruning: pruning === undefined ? null : readLevels(pruning, facts.processors),
    command: `npm run experiment -- prune ${plan} && npm run experiment -- circuit ${facts.run}`,
  };
}

function describe(
  { run, step, processors, links, set, examples }: CircuitFacts,
  study: string,
  record: RunRecord | undefined,
): PageData['facts'] {
  const { dataset, split, seed, pruned } = record?.labels ?? {};
  const rows = record?.rows ?? [];
  const accuracies = rows.filter(
    ({ metric, group }) => metric === 'accuracy' && Object.keys(group).length === 0,
  );
  const bandwidths = Object.entries(links?.bandwidths ?? {});
  return [
    ['run', `${run} of ${study}`],
    ...(dataset === undefined ? [] : [['data', `${dataset}, split ${split}, seed ${seed}`] as const]),
    ...(pruned === undefined ? [] : [['pruned', pruned] as const]),
    ['training', `${step} steps`],
    ['modules', `${processors} processors`],
    [
      'links',
      links === null
        ? 'every module hears all others'
        : `${links.after.edges.length} within distance ${links.threshold}, density ${links.after.density.toFixed(3)}${links.before === null ? '' : ` (before training ${links.before.density.toFixed(3)})`}`,
    ],
    ...(bandwidths.length === 0
      ? []
      : [
          [
            'bandwidths',
            bandwidths.map(([name, value]) => `${name} ${value.toFixed(2)}`).join(', '),
          ] as const,
        ]),
    ['places', `mean centre of attention over ${examples} images of the set ${set}`],
    ...(accuracies.length === 0
      ? []
      : [
          [
            'accuracy',
            accuracies.map(({ set: name, value }) => `${name} ${value.toFixed(3)}`).join(', '),
          ] as const,
        ]),
  ];
}

function readLevels(pruning: PruningRecord, processors: number): PagePruning {
  const points = listPoints(indexValues(pruning, prunedAccuracy));
  const speeds = listPoints(indexValues(pruning, imagesPerSecond));
  const sets = [...new Set(points.map(({ set }) => set))];
  const counts = [...new Set(points.map(({ kept }) => kept))].sort((a, b) => b - a);
  const accuracyOf = (set: string, order: string, kept: number) => {
    const own = points.filter((point) => point.set === set);
    const curve = curveOf(own, order);
    return curve.find(({ share }) => share === kept / processors)?.value ?? null;
  };
  return {
    sets,
    examples: Math.max(...pruning.rows.map(({ set, n }) => (sets.includes(set) ? n : 0))),
    levels: counts.map((kept) => {
      const found = speeds.filter((point) => point.kept === kept).map(({ value }) => value);
      return {
        kept,
        speed: found.length === 0 ? null : mean(found),
        degree: sets.map((set) => accuracyOf(set, 'degree', kept)),
        random: sets.map((set) => accuracyOf(set, 'random', kept)),
      };
    }),
  };
}
