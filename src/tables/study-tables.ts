import { listCorrupted } from '../analysis/corruptions.js';
import { fileSuffixes } from '../analysis/file-names.js';
import { collectResults, type HeldOutOrder, type HeldOutResults } from '../analysis/held-out.js';
import type { Comparisons } from '../config/index.js';
import { accuracyUnderAttack } from '../evaluation/attacks/rows.js';
import { imagesPerSecond, prunedAccuracy } from '../evaluation/circuits/pruning.js';
import { costMetrics } from '../evaluation/cost-metrics.js';
import { detectionMetrics } from '../evaluation/detection/rows.js';
import { isMeasureRow } from '../evaluation/generalisation/rows.js';
import type { RecordRow } from '../evaluation/predictions.js';
import { probeMetrics } from '../evaluation/probes/rows.js';
import type { RunRecord } from '../evaluation/record.js';
import { shiftMetrics } from '../evaluation/shift/rows.js';
import { tabulateAttacks } from './attacks.js';
import { tabulateAwareness } from './awareness.js';
import { describeCells, describeReferences, describeRuns } from './captions.js';
import { tabulateComparisons } from './comparisons.js';
import { tabulateCorruptions } from './corruption-errors.js';
import { tabulateCosts } from './costs.js';
import { hasBlocks, tabulateRanks } from './domainbed/algorithm-ranks.js';
import { type DomainStudy, tabulateSelected } from './domainbed/selected.js';
import { hasRanking, tabulateSensitivity } from './domainbed/selection-sensitivity.js';
import { tabulateEquivalence } from './fairness/equivalence.js';
import { tabulateRules } from './fairness/merged-rules.js';
import type { FairnessOf } from './fairness/parts.js';
import { tabulateTradeOffs } from './fairness/trade-offs.js';
import { tabulateTreatment } from './fairness/treatment.js';
import { tabulateWithinGaps } from './fairness/within-gaps.js';
import { tabulateMeasures } from './generalisation.js';
import { tabulateDefinitions } from './group-definitions.js';
import { type GroupRun, tabulateGroups } from './groups.js';
import { tabulateFactors, tabulateSplits, tabulateSubSplits } from './held-out.js';
import { tabulateClasses, tabulateSets } from './named-sets.js';
import { tabulateDetection } from './ood-detection.js';
import { tabulatePrunedAccuracy, tabulatePrunedSpeed } from './pruning.js';
import { tabulateShift } from './shift.js';
import { markBest, type Table } from './table.js';

/** What tables are made of. */
interface Numbers {
  readonly records: readonly RunRecord[];
  /** Of all records. */
  readonly rows: readonly RecordRow[];
  readonly order: HeldOutOrder;
  readonly comparisons: Comparisons | undefined;
  readonly complete: boolean;
  readonly groups: readonly GroupRun[];
  readonly fairness: readonly (FairnessOf & { readonly dataset: string })[];
  readonly domains: readonly DomainStudy[];
  readonly corruptionBaseline: string | undefined;
  results(metric: string): HeldOutResults;
}

interface Tabulator {
  tabulate(numbers: Numbers, dataset: string): Omit<Table, 'name'>;
  /** Whether a study with these numbers has what the table shows. */
  applies(numbers: Numbers): boolean;
  /** Whether its numbers are of what was selected among runs, and not means over these. */
  readonly selected?: boolean;
}

const isNamed = ({ set }: RecordRow) => set !== 'train' && set !== 'test';
const hasAccuracy = ({ rows }: Numbers) => rows.some(({ metric }) => metric === 'accuracy');
/** What is neither of classes nor of named sets is of this kind, even where its numbers are missing. */
const isHeldOut = (numbers: Numbers) =>
  numbers.rows.some(({ metric, set }) => metric === 'r2' && set === 'test') ||
  !(hasAccuracy(numbers) || numbers.rows.some(isNamed));

/**
 * The tables of a study, in the usual order: those of Schott et al. (2022), of named sets, of classes, of comparisons, of
 * circuits, and of probes.
 */
const tabulators = {
  'selected-runs': ofDomains(tabulateSelected, () => true),
  'selection-sensitivity': ofDomains(tabulateSensitivity, hasRanking),
  'algorithm-ranks': ofDomains(tabulateRanks, hasBlocks),
  'r2-by-split': {
    tabulate: ({ results }, dataset) => tabulateSplits(results('r2'), dataset),
    applies: isHeldOut,
  },
  'r2-by-factor': {
    tabulate: ({ results }, dataset) => tabulateFactors(results('r2'), dataset),
    applies: isHeldOut,
  },
  'r2-by-sub-split': {
    tabulate: ({ results }, dataset) => tabulateSubSplits(results('r2'), dataset),
    applies: isHeldOut,
  },
  'r2-by-set': {
    tabulate: ({ results }, dataset) => tabulateSets(results('r2'), dataset, 'R²'),
    applies: ({ rows }) => rows.some((row) => row.metric === 'r2' && isNamed(row)),
  },
  'accuracy-by-set': {
    tabulate: ({ results }, dataset) => tabulateSets(results('accuracy'), dataset, 'Accuracy'),
    applies: hasAccuracy,
  },
  'accuracy-by-factor': {
    tabulate: ({ results }, dataset) => tabulateClasses(results('accuracy'), dataset),
    applies: hasAccuracy,
  },
  'paired-differences': {
    tabulate: ({ records, order, comparisons, complete }, dataset) => {
      // Datasets that do not fit one split have one each.
      const own = new Set(
        records.flatMap(({ labels }) => (labels.dataset === dataset ? [labels.split] : [])),
      );
      const splits = order.splits.filter((split) => own.has(split));
      return tabulateComparisons(records, comparisons!, { dataset, splits, complete });
    },
    applies: ({ comparisons }) => comparisons !== undefined,
  },
  'accuracy-when-pruned': {
    tabulate: ({ results }, dataset) => tabulatePrunedAccuracy(results(prunedAccuracy), dataset),
    applies: ({ rows }) => rows.some(({ metric }) => metric === prunedAccuracy),
  },
  'speed-when-pruned': {
    tabulate: ({ results }, dataset) => tabulatePrunedSpeed(results(imagesPerSecond), dataset),
    applies: ({ rows }) => rows.some(({ metric }) => metric === imagesPerSecond),
  },
  'accuracy-under-attack': {
    tabulate: ({ results, rows }, dataset) => tabulateAttacks(results(accuracyUnderAttack), rows, dataset),
    applies: ({ rows }) => rows.some(({ metric }) => metric === accuracyUnderAttack),
  },
  awareness: {
    tabulate: ({ results, rows }, dataset) => tabulateAwareness(results, rows, dataset),
    applies: ({ rows }) => rows.some(({ metric }) => metric === probeMetrics.accuracy),
  },
  'corruption-errors': {
    tabulate: ({ results, rows, corruptionBaseline }, dataset) =>
      tabulateCorruptions(results, rows, dataset, corruptionBaseline),
    applies: ({ rows }) => listCorrupted(rows) !== undefined,
  },
  'ood-detection': {
    tabulate: ({ results, rows }, dataset) => tabulateDetection(results, rows, dataset),
    applies: ({ rows }) => rows.some(({ metric }) => metric === detectionMetrics.auroc),
  },
  shift: {
    tabulate: ({ results, rows }, dataset) => tabulateShift(results, rows, dataset),
    applies: ({ rows }) => rows.some(({ metric }) => metric === shiftMetrics.diversity),
  },
  'generalisation-measures': {
    tabulate: ({ results }, dataset) => tabulateMeasures(results, dataset),
    applies: ({ rows }) => rows.some(isMeasureRow),
  },
  'cost-by-model': {
    tabulate: ({ results, rows }, dataset) => tabulateCosts(results, listTestSets(rows), dataset),
    applies: ({ rows }) => rows.some(({ metric }) => metric === costMetrics.parameters),
  },
  'trade-offs': ofFairness(tabulateTradeOffs),
  'accuracy-within-gap': ofFairness(tabulateWithinGaps),
  equivalence: ofFairness(tabulateEquivalence),
  'treated-differently': ofFairness(tabulateTreatment),
  'merged-rules': ofFairness(tabulateRules),
  'group-metrics': {
    tabulate: ({ groups, order }, dataset) => tabulateGroups(groups, order, dataset),
    applies: ({ groups }) => groups.length > 0,
  },
  'group-definitions': {
    tabulate: () => tabulateDefinitions(),
    applies: ({ groups }) => groups.length > 0,
  },
} as const satisfies Readonly<Record<string, Tabulator>>;

/** Of the dataset's trainings by DomainBed's protocol, where they have what the table shows. */
function ofDomains(
  tabulate: (study: DomainStudy) => Omit<Table, 'name'>,
  shows: (study: DomainStudy) => boolean,
): Tabulator {
  return {
    tabulate({ domains }, dataset) {
      const own = domains.find((study) => study.dataset === dataset);
      if (own === undefined || !shows(own))
        return { title: '', caption: [], stub: [], columns: [], rows: [] };
      return tabulate(own);
    },
    applies: ({ domains }) => domains.some(shows),
    selected: true,
  };
}

/** Of every split that the dataset has; a section each where these are several. */
function ofFairness(tabulate: (study: FairnessOf, dataset: string) => Omit<Table, 'name'>): Tabulator {
  return {
    tabulate({ fairness }, dataset) {
      const own = fairness.filter((study) => study.dataset === dataset);
      const tables = own.map((study) => ({ split: study.split, table: tabulate(study, dataset) }));
      const [first, ...others] = tables;
      if (first === undefined) return { title: '', caption: [], stub: [], columns: [], rows: [] };
      if (others.length === 0) return first.table;
      const rows = tables.flatMap(({ split, table }) =>
        table.rows.map((row) => ({ ...row, section: [split, row.section].filter(Boolean).join(': ') })),
      );
      return { ...first.table, rows };
    },
    applies: ({ fairness }) => fairness.length > 0,
  };
}

const listTestSets = (rows: readonly RecordRow[]) => [
  ...new Set(
    rows.flatMap(({ metric, set }) =>
      metric === 'accuracy' && set !== 'train' && set !== 'validation' ? [set] : [],
    ),
  ),
];

export type TableName = keyof typeof tabulators;
export const tableNames = Object.keys(tabulators) as readonly TableName[];
/** Its times are of a machine, and it reads more than the records: shown where it is asked for. */
export const costTable = 'cost-by-model' satisfies TableName;
/** They are long, and read predictions: shown where they are asked for. */
export const groupTables: readonly TableName[] = ['group-metrics', 'group-definitions'];
/** They search and fit on predictions: shown where they are asked for. */
export const fairnessTables: readonly TableName[] = [
  'trade-offs',
  'accuracy-within-gap',
  'equivalence',
  'treated-differently',
  'merged-rules',
];
export const usualTables: readonly TableName[] = tableNames.filter(
  (name) => ![costTable, ...groupTables, ...fairnessTables].includes(name),
);

export interface TableChoice {
  /** Names rows and columns, also those without runs; what it leaves out is taken from the records. */
  readonly order?: Partial<HeldOutOrder>;
  readonly names?: readonly TableName[];
  /** What the study compares, if it does. */
  readonly comparisons?: Comparisons | undefined;
  /** Whether all runs are there, without which there is no verdict; yes unless told. */
  readonly complete?: boolean;
  /** What was found of groups of people, where a table of them is asked for. */
  readonly groups?: readonly GroupRun[];
  /** Arms with their predictions, where a table of what fairness costs is asked for. */
  readonly fairness?: Numbers['fairness'];
  /** Trainings by DomainBed's protocol, where there are any. */
  readonly domains?: Numbers['domains'];
  /** The model in multiples of whose errors on corrupted images the others stand. */
  readonly corruptionBaseline?: string | undefined;
}

/** The named tables, once per dataset, where the records have what they show. */
export function studyTables(
  records: readonly RunRecord[],
  {
    order = {},
    names = usualTables,
    comparisons,
    complete = true,
    groups = [],
    fairness = [],
    domains = [],
    corruptionBaseline,
  }: TableChoice = {},
): Table[] {
  const byMetric = new Map<string, HeldOutResults>();
  const results = (metric: string) => {
    const known = byMetric.get(metric) ?? collectResults(records, metric, order);
    byMetric.set(metric, known);
    return known;
  };
  const { order: whole, seeds } = results('accuracy');
  const rows = records.flatMap((record) => record.rows);
  const numbers: Numbers = {
    records,
    rows,
    order: whole,
    comparisons,
    complete,
    groups,
    fairness,
    domains,
    corruptionBaseline,
    results,
  };
  const shown = names.filter((name) => tabulators[name].applies(numbers));
  const suffixes = fileSuffixes(whole.datasets);
  return whole.datasets.flatMap((dataset) =>
    shown
      .map((name) => {
        const { tabulate, selected = false }: Tabulator = tabulators[name];
        const table = { name: `${name}${suffixes.get(dataset)}`, ...tabulate(numbers, dataset) };
        return { table, selected };
      })
      .filter(({ table }) => table.rows.length > 0)
      .map(({ table, selected }) => {
        const notes = [
          ...(selected ? [] : [...describeRuns(seeds), ...describeReferences(whole.references)]),
          ...describeCells(table, records),
        ];
        return markBest({ ...table, caption: [...table.caption, ...notes] });
      }),
  );
}
