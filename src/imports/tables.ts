import { HeldoutError } from '../core/errors.js';
import { createScores, type ExampleScores, growScores } from '../evaluation/examples/example-scores.js';
import { callOtherwise } from './column-roles.js';
import type { ImportedNetwork, ImportedPredictions, ImportedSet } from './imported.js';
import { shorten, tidy } from './score-row.js';

/** A network while its rows are read. */
export interface NetworkEntry {
  readonly name: string;
  readonly trainedOn: string;
  readonly factors: Map<string, { readonly text: string; readonly where: string }>;
}

/** A set while its rows are read; examples are numbered as they come. */
export interface SetEntry {
  readonly name: string;
  readonly variant: string;
  readonly task: string;
  readonly examples: string[];
  readonly index: Map<string, number>;
  /** Labels as they are written. */
  readonly labels: string[];
  /** Where each example came first. */
  readonly origins: { readonly file: number; readonly row: number }[];
  /** Names of its classes, once a row has told. */
  classes: readonly string[] | undefined;
  /** Group of each example, by variable. */
  readonly groups: Map<string, Map<number, string>>;
}

/** What one network says of one set. */
export interface Block {
  readonly network: NetworkEntry;
  readonly set: SetEntry;
  /** Where it begins. */
  readonly where: string;
  /** By example; as long as `rows`. */
  scores: ExampleScores;
  /** Row of its file for every example; 0 where there is none yet. */
  rows: Float64Array;
  filled: number;
  /** The example that is expected next. */
  next: number;
}

export function createBlock(network: NetworkEntry, set: SetEntry, where: string): Block {
  const size = set.examples.length;
  return {
    network,
    set,
    where,
    scores: createScores(size),
    rows: new Float64Array(size),
    filled: 0,
    next: 0,
  };
}

export interface Tables {
  /** Names a row of each file. */
  readonly files: ((row: number) => string)[];
  readonly blocks: Map<NetworkEntry, Map<SetEntry, Block>>;
  /** Numbers of classes by name where only answers are given. */
  readonly answers: Map<string, number>;
  networkOf(name: string, trainedOn: string): NetworkEntry;
  setOf(name: string, variant: string, task: string): SetEntry;
  finish(): Omit<ImportedPredictions, 'files'>;
}

export function createTables(): Tables {
  const files: ((row: number) => string)[] = [];
  const networks = new Map<string, NetworkEntry>();
  const sets = new Map<string, SetEntry>();
  const blocks = new Map<NetworkEntry, Map<SetEntry, Block>>();
  const remember = <Entry>(known: Map<string, Entry>, key: string, create: () => Entry): Entry => {
    const found = known.get(key) ?? create();
    known.set(key, found);
    return found;
  };
  return {
    files,
    blocks,
    answers: new Map(),
    networkOf: (name, trainedOn) =>
      remember(networks, JSON.stringify([name, trainedOn]), () => ({ name, trainedOn, factors: new Map() })),
    setOf: (name, variant, task) =>
      remember(sets, JSON.stringify([name, variant]), () => createSet(name, variant, task)),
    finish() {
      const listed = [...sets.values()];
      for (const own of blocks.values()) for (const block of own.values()) checkWhole(block, blocks, files);
      return {
        networks: [...networks.values()].map(closeNetwork),
        sets: listed.map(closeSet),
        scores: (n, s) => {
          const block = blocks.get([...networks.values()][n]!)?.get(listed[s]!);
          return block && growScores(block.scores, block.filled);
        },
        notes: noteUnseenClasses(listed),
      };
    },
  };
}

/** A class of no example may be a factor that was taken for one. */
function noteUnseenClasses(sets: readonly SetEntry[]): string[] {
  const classes = new Set(sets.flatMap((set) => set.classes ?? []));
  for (const { labels } of sets) {
    for (const label of new Set(labels)) if (!classes.delete(label)) classes.delete(tidy(label));
  }
  return classes.size === 0 ? [] : [`Classes of no example: ${shorten([...classes])} (${callOtherwise}).`];
}

function createSet(name: string, variant: string, task: string): SetEntry {
  return {
    ...{ name, variant, task, examples: [], index: new Map(), labels: [], origins: [] },
    classes: undefined,
    groups: new Map(),
  };
}

function closeNetwork({ name, trainedOn, factors }: NetworkEntry): ImportedNetwork {
  return {
    name,
    trainedOn: trainedOn === '' ? undefined : trainedOn,
    factors: Object.fromEntries([...factors].map(([factor, { text }]) => [factor, text])),
  };
}

function closeSet({ name, variant, task, examples, classes, groups }: SetEntry): ImportedSet {
  return {
    name,
    variant,
    task,
    examples,
    classes,
    groups: Object.fromEntries(
      [...groups].map(([variable, values]) => {
        const texts = examples.map((_, at) => values.get(at) ?? '');
        const levels = [...new Set(texts)].sort();
        const numbers = new Map(levels.map((level, at) => [level, at]));
        return [variable, { levels, codes: Int32Array.from(texts, (text) => numbers.get(text)!) }];
      }),
    ),
  };
}

/** Numbers on a set compare only where all networks answered the same examples. */
function checkWhole(
  { network, set, where, rows, filled }: Block,
  blocks: Tables['blocks'],
  files: Tables['files'],
): void {
  const all = set.examples.length;
  if (filled === all) return;
  const lacking = set.examples.findIndex((_, at) => (rows[at] ?? 0) === 0);
  const origin = set.origins[lacking]!;
  const owner = [...blocks.values()]
    .map((own) => own.get(set))
    .find((block) => (block?.rows[lacking] ?? 0) !== 0);
  throw new HeldoutError({
    code: 'E_IMPORT_EXAMPLES',
    message: `model ${network.name} has ${filled} of the ${all} examples of ${set.name}${set.variant === '' ? '' : ` (${set.variant})`}: '${set.examples[lacking]}' is missing, which model ${owner?.network.name} has in ${files[origin.file]!(origin.row)}`,
    place: where,
    hints: [
      'give all models of a dataset the same examples, under the same names',
      'where they are other images, give them another dataset name',
    ],
  });
}
