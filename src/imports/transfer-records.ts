import type { FindScores } from '../analysis/transfer/label-free/predictions.js';
import type { TransferRecord } from '../analysis/transfer/records.js';
import { nearestNames } from '../config/index.js';
import { HeldoutError } from '../core/errors.js';
import { scoreExamples } from '../evaluation/examples/example-metrics.js';
import type { ImportedNetwork, ImportedPredictions, ImportedSet } from './imported.js';

/** The task of sets that name none. */
export const onlyTask = 'all';

export interface RecordOptions {
  /** The ID sets of networks that do not say what they were trained on, at most one per task; else the first set. */
  readonly id?: readonly string[] | undefined;
  /** Bins of the calibration error. */
  readonly bins?: number | undefined;
  /** Further metrics of `networks[n]` on `sets[s]`, which its predictions do not tell. */
  readonly recorded?: ((n: number, s: number) => Readonly<Record<string, number>>) | undefined;
}

/** What was measured, ready for the analysis. */
export interface ImportedTransfer {
  readonly records: readonly TransferRecord[];
  readonly find: FindScores;
  /** Metrics of every network on every set that is no altered copy. */
  readonly measured: readonly MeasuredSet[];
  readonly notes: readonly string[];
}

export interface MeasuredSet {
  readonly network: ImportedNetwork;
  readonly id: string;
  readonly set: ImportedSet;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Turns predictions into records of networks on pairs of sets. Throws HeldoutError where no ID set can be told. */
export function makeRecords(imported: ImportedPredictions, options: RecordOptions = {}): ImportedTransfer {
  const { networks, sets } = imported;
  const notes: string[] = [];
  const choose = chooseIds(imported, options.id, notes);
  const places = new Map<string, readonly [network: number, id: string]>();
  const measured: MeasuredSet[] = [];
  const records: TransferRecord[] = [];
  let lonely = 0;
  for (const [n, network] of networks.entries()) {
    const own = measure(imported, n, options);
    for (const id of choose(n, own)) {
      places.set(JSON.stringify([network.name, id.set.name]), [n, id.set.name]);
      const others = own.filter(({ set }) => set !== id.set && set.task === id.set.task);
      measured.push(...[id, ...others].map((one) => ({ network, id: id.set.name, ...one })));
      if (others.length === 0) lonely += 1;
      for (const ood of others) {
        records.push({
          network: network.name,
          task: id.set.task || onlyTask,
          id: id.set.name,
          ood: ood.set.name,
          factors: network.factors,
          idMetrics: id.metrics,
          oodMetrics: ood.metrics,
          idCount: id.set.examples.length,
          oodCount: ood.set.examples.length,
        });
      }
    }
  }
  if (lonely > 0) {
    const have = lonely === 1 ? '1 model has' : `${lonely} models have`;
    notes.push(`${have} no predictions beside those on the ID set.`);
  }
  const numbers = new Map(
    sets.flatMap(({ name, variant }, at) => (variant === '' ? [[name, at] as const] : [])),
  );
  const find: FindScores = (name, id, set) => {
    const place = places.get(JSON.stringify([name, id]));
    return place && imported.scores(place[0], numbers.get(set)!);
  };
  return { records, find, measured, notes: [...imported.notes, ...notes] };
}

type Measured = Pick<MeasuredSet, 'set' | 'metrics'>;

/** A network's metrics on its sets; accuracies on altered copies join those of the set. */
function measure(
  imported: ImportedPredictions,
  n: number,
  { bins, recorded = () => ({}) }: RecordOptions,
): Measured[] {
  const { sets } = imported;
  const score = (s: number): Record<string, number> | undefined => {
    const scores = imported.scores(n, s);
    const { classes, groups } = sets[s]!;
    return (
      scores &&
      scoreExamples(scores, {
        classes: classes?.length,
        bins,
        groups: Object.values(groups).map(({ levels, codes }) => ({ codes, count: levels.length })),
      })
    );
  };
  return sets.flatMap((set, s) => {
    const metrics = set.variant === '' ? score(s) : undefined;
    if (metrics === undefined) return [];
    const altered = sets.flatMap(({ name, variant }, at) => {
      const found = name === set.name && variant !== '' ? score(at) : undefined;
      return found === undefined ? [] : [[`accuracy@${variant}`, found.accuracy!] as const];
    });
    return [
      { set, metrics: { ...metrics, ...Object.fromEntries(altered), ...omit(recorded(n, s), metrics) } },
    ];
  });
}

/** What is told twice is taken from the predictions. */
function omit(
  recorded: Readonly<Record<string, number>>,
  known: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(recorded).filter(([name]) => !(name in known)));
}

function chooseIds(
  { networks, sets }: ImportedPredictions,
  asked: readonly string[] | undefined,
  notes: string[],
): (n: number, own: readonly Measured[]) => Measured[] {
  const plain = sets.filter(({ variant }) => variant === '');
  const names = plain.map(({ name }) => name);
  const refuse = (message: string, hints: readonly string[]) =>
    new HeldoutError({ code: 'E_IMPORT_ID', message, place: 'command line', hints });
  for (const name of asked ?? []) {
    if (names.includes(name)) continue;
    const near = nearestNames(name, names, 1).map((one) => `did you mean id=${one}?`);
    throw refuse(`there is no dataset '${name}' in the files`, [...near, `there are: ${names.join(', ')}`]);
  }
  const tasks = [...new Set(plain.map(({ task }) => task))];
  const usual = new Map(
    tasks.map((task) => {
      const own = plain.filter((set) => set.task === task);
      const wanted = own.filter(({ name }) => asked?.includes(name));
      if (wanted.length > 1) {
        throw refuse(`a network is trained on one set, and id= names ${wanted.length} of one task`, [
          'name one, or add a column trained_on that says of each model which',
        ]);
      }
      return [task, wanted[0] ?? own[0]!] as const;
    }),
  );
  if (networks.every(({ trainedOn }) => trainedOn === undefined) && asked === undefined) {
    const chosen = [...usual.values()].map(({ name }) => name).join(', ');
    notes.push(`ID set: ${chosen}, the first in the files; id=NAME or a column trained_on says otherwise.`);
  }
  return (n, own) => {
    const { name, trainedOn } = networks[n]!;
    if (trainedOn === undefined) {
      const ids = own.filter(({ set }) => usual.get(set.task) === set);
      if (ids.length > 0) return ids;
      const wanted = [...new Set(own.map(({ set }) => usual.get(set.task)!.name))].join(', ');
      throw refuse(`model ${name} has no predictions on its ID set ${wanted}`, [
        'add them: everything here compares a network with itself on the ID set',
        `or name another ID set: id=${own[0]?.set.name ?? 'NAME'}`,
      ]);
    }
    const id = own.find(({ set }) => set.name === trainedOn);
    if (id !== undefined) return [id];
    const near = nearestNames(trainedOn, names, 1).map((one) => `did you mean '${one}'?`);
    throw refuse(`model ${name} was trained on '${trainedOn}' and has no predictions on it`, [
      ...near,
      'add its predictions on held-out examples of that set',
    ]);
  };
}
