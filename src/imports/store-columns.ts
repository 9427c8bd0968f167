import { readParquetColumns } from '../core/files/parquet-columns.js';
import type { ExampleScores } from '../evaluation/examples/example-scores.js';
import type { ImportedPredictions, ImportedSet } from './imported.js';
import type { StoredSet } from './store.js';

/** Columns of the scores in the file, by their names here. */
const scoreColumns = {
  truth: 'truth',
  answer: 'answer',
  rank: 'rank',
  confidence: 'confidence',
  crossEntropy: 'cross_entropy',
  brier: 'brier',
  entropy: 'entropy',
  slope: 'slope',
} as const satisfies Readonly<Record<keyof ExampleScores, string>>;
const whole: readonly string[] = ['truth', 'answer', 'rank'];
type Name = keyof ExampleScores;

/** A row per network, set and example: `network` and `set` by number, then the scores. */
export async function encodeScores({ networks, sets, scores }: ImportedPredictions): Promise<Uint8Array> {
  const blocks = networks.flatMap((_, n) =>
    sets.flatMap((_, s) => {
      const own = scores(n, s);
      return own === undefined ? [] : [{ n, s, own }];
    }),
  );
  const size = blocks.reduce((sum, { own }) => sum + own.truth.length, 0);
  const fill = <A extends Int32Array | Float64Array>(
    out: A,
    of: (block: (typeof blocks)[number]) => A | number,
  ): A => {
    let at = 0;
    for (const block of blocks) {
      const [values, length] = [of(block), block.own.truth.length];
      if (typeof values === 'number') out.fill(values, at, at + length);
      else out.set(values, at);
      at += length;
    }
    return out;
  };
  const integers = (name: string, of: (block: (typeof blocks)[number]) => Int32Array | number) =>
    ({ name, data: fill(new Int32Array(size), of), type: 'INT32', nullable: false }) as const;
  const numbers = (name: string, of: (block: (typeof blocks)[number]) => Float64Array) =>
    ({ name, data: fill(new Float64Array(size), of), type: 'DOUBLE', nullable: false }) as const;
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const buffer = parquetWriteBuffer({
    columnData: [
      integers('network', ({ n }) => n),
      integers('set', ({ s }) => s),
      ...(Object.entries(scoreColumns) as [Name, string][]).map(([name, column]) =>
        whole.includes(name)
          ? integers(column, ({ own }) => own[name] as Int32Array)
          : numbers(column, ({ own }) => own[name] as Float64Array),
      ),
    ],
    rowGroupSize: Math.max(1, size),
    createdBy: 'heldout',
  });
  return new Uint8Array(buffer);
}

/** Scores by network · sets + set. */
export async function decodeScores(
  bytes: Uint8Array,
  sets: number,
): Promise<ReadonlyMap<number, ExampleScores>> {
  const columns = await readParquetColumns(new Uint8Array(bytes).buffer);
  const of = (name: string) => (columns.get(name) ?? []) as ArrayLike<number>;
  const [network, set] = [of('network'), of('set')];
  const found = new Map<number, ExampleScores>();
  const typed = Object.fromEntries(
    (Object.entries(scoreColumns) as [Name, string][]).map(([name, column]) => [
      name,
      whole.includes(name) ? Int32Array.from(of(column)) : Float64Array.from(of(column)),
    ]),
  ) as unknown as ExampleScores;
  for (let start = 0; start < network.length; ) {
    let end = start + 1;
    while (end < network.length && network[end] === network[start] && set[end] === set[start]) end += 1;
    const own = Object.fromEntries(
      Object.entries(typed).map(([name, column]: [string, Int32Array | Float64Array]) => [
        name,
        column.subarray(start, end),
      ]),
    ) as unknown as ExampleScores;
    found.set(network[start]! * sets + set[start]!, own);
    start = end;
  }
  return found;
}

/** A row per set and example: `set` by number, `example`, and a column per variable of groups. */
export async function encodeExamples(sets: readonly ImportedSet[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const variables = [...new Set(sets.flatMap(({ groups }) => Object.keys(groups)))];
  const texts = (name: string, of: (set: ImportedSet) => readonly string[]) =>
    ({ name, data: sets.flatMap((set) => [...of(set)]), type: 'STRING', nullable: false }) as const;
  const numbers = Int32Array.from(sets.flatMap(({ examples }, s) => examples.map(() => s)));
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'set', data: numbers, type: 'INT32', nullable: false },
      texts('example', ({ examples }) => examples),
      ...variables.map((variable) =>
        texts(`group_${variable}`, ({ examples, groups }) => {
          const own = groups[variable];
          return examples.map((_, at) => (own === undefined ? '' : own.levels[own.codes[at]!]!));
        }),
      ),
    ],
    rowGroupSize: Math.max(1, numbers.length),
    createdBy: 'heldout',
  });
  return new Uint8Array(buffer);
}

export async function decodeExamples(
  bytes: Uint8Array,
  stored: readonly StoredSet[],
): Promise<readonly ImportedSet[]> {
  const columns = await readParquetColumns(new Uint8Array(bytes).buffer);
  const numbers = (columns.get('set') ?? []) as ArrayLike<number>;
  const rows = stored.map((): number[] => []);
  for (let row = 0; row < numbers.length; row++) rows[numbers[row]!]!.push(row);
  const variables = [...columns.keys()].filter((name) => name.startsWith('group_'));
  return stored.map(({ classes, ...set }, s) => {
    const own = (name: string) => rows[s]!.map((row) => String(columns.get(name)![row]));
    const groups = variables.flatMap((variable) => {
      const texts = own(variable);
      const levels = [...new Set(texts)].sort();
      if (levels.length === 1 && levels[0] === '') return [];
      const codes = Int32Array.from(texts, (text) => levels.indexOf(text));
      return [[variable.slice('group_'.length), { levels, codes }] as const];
    });
    return {
      ...set,
      classes: classes ?? undefined,
      examples: own('example'),
      groups: Object.fromEntries(groups),
    };
  });
}
