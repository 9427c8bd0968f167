import { sha256 } from '../core/hash.js';
import { shuffle } from '../random/draw.js';
import { stream } from '../random/stream.js';
import type { VariableTable } from '../variables/variable.js';
import type { Split } from './split.js';

/** A few examples of every class. */
export interface Shots {
  /** The variable whose levels are the classes. */
  readonly by: string;
  /** Examples of each class. */
  readonly count: number;
  /** Which draw: equal for all models, and more examples of one draw contain the fewer. */
  readonly draw: number | string;
}

/** Ascending; a class with fewer examples keeps all. Examples come from the stream (0, 'shots', draw, class). */
export function drawShots(
  table: VariableTable,
  examples: Uint32Array,
  { by, count, draw }: Shots,
): Uint32Array {
  const column = table.column(by);
  const classes = table.variable(by).levels.map((): number[] => []);
  for (const example of examples) classes[column[example]!]!.push(example);
  const drawn = classes.flatMap((members, level) =>
    shuffle(stream(0, 'shots', draw, level), members).slice(0, count),
  );
  return Uint32Array.from(drawn).sort();
}

/** The split with no more of its training set than that. */
export function keepShots(table: VariableTable, split: Split, shots: Shots): Split {
  const train = drawShots(table, split.sets.train, shots);
  const { by, count, draw } = shots;
  return {
    ...split,
    sets: { ...split.sets, train },
    statement: [...split.statement, `train: of that at most ${count} of each ${by}, draw ${draw}`],
    hash: sha256(split.hash, train),
  };
}
