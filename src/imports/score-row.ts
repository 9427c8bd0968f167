import type { HeldoutError } from '../core/errors.js';
import { scoreAnswer, scoreLogits } from '../evaluation/examples/example-scores.js';
import { type ColumnRoles, callOtherwise } from './column-roles.js';
import type { Cells } from './reading/cells.js';
import type { Block, SetEntry } from './tables.js';

type Refuse = (code: string, message: string, hints: readonly string[]) => HeldoutError;

/** Scores the example of a row, which is the set's number `at`. */
export type ScoreRow = (block: Block, at: number, cells: Cells, refuse: Refuse) => void;

/** How far the probabilities of a row may be from 1 together: they were rounded. */
const slack = 1e-2;
/** A probability of 0 has no logarithm; what is rounded to 0 was not below this. */
const leastProbability = 1e-15;

/**
 * @param answers Numbers of classes by name, for files that have answers alone: what comes is added.
 */
export function createRowScorer(roles: ColumnRoles, answers: Map<string, number>): ScoreRow {
  return roles.scores.length > 0 ? scorer(roles) : answerer(roles, answers);
}

function answerer({ prediction, label }: ColumnRoles, answers: Map<string, number>): ScoreRow {
  const numberOf = (text: string) => {
    const name = tidy(text);
    const known = answers.get(name) ?? answers.size;
    answers.set(name, known);
    return known;
  };
  return ({ set, scores }, at, cells, refuse) => {
    if (set.classes !== undefined) throw refuseMixture(set, refuse);
    const [truth, answer] = [cells.text(label), cells.text(prediction!)];
    for (const [text, column] of [
      [truth, 'label'],
      [answer, 'prediction'],
    ] as const) {
      if (text === '' || /^nan$/i.test(text)) {
        throw refuse('NOT_FINITE', `the row has no ${column}${text === '' ? '' : `: '${text}'`}`, [
          `fill the column ${column} in every row`,
        ]);
      }
    }
    scoreAnswer(scores, at, numberOf(answer), numberOf(truth));
  };
}

function scorer({ scores: columns, scale, label }: ColumnRoles): ScoreRow {
  const prefix = scale === 'logits' ? 'logit_' : 'p_';
  const plans = new Map<SetEntry, Plan>();
  return (block, at, cells, refuse) => {
    const { set, scores } = block;
    let plan = plans.get(set);
    if (plan === undefined) {
      plan = planSet(set, columns, cells, refuse);
      plans.set(set, plan);
    }
    const { chosen, numbers, logits } = plan;
    const text = cells.text(label);
    const truth = numbers.get(text) ?? numbers.get(tidy(text));
    if (truth === undefined) {
      const classes = chosen.map(({ name }) => name);
      throw refuse(
        'LABEL',
        `the label '${text}' is none of the ${classes.length} classes ${shorten(classes)}`,
        [`labels are what stands behind ${prefix} in the names of the columns`],
      );
    }
    for (let place = 0; place < chosen.length; place++) {
      const value = cells.number(chosen[place]!.column);
      if (!Number.isFinite(value)) {
        const { column, name } = chosen[place]!;
        throw refuse('NOT_FINITE', `${prefix}${name} is '${cells.text(column)}', which is no finite number`, [
          'a network that diverged has no place in a comparison: leave its rows out',
          'a class that the dataset has not is left empty in all of its rows',
        ]);
      }
      logits[place] = value;
    }
    if (scale === 'probabilities') takeLogarithms(logits, refuse);
    scoreLogits(scores, at, logits, truth);
  };
}

interface Plan {
  /** Columns of the classes that the set has. */
  readonly chosen: ColumnRoles['scores'];
  readonly numbers: ReadonlyMap<string, number>;
  readonly logits: Float64Array;
}

/** The classes of a set are those whose columns are filled in its first row. */
function planSet(set: SetEntry, columns: ColumnRoles['scores'], cells: Cells, refuse: Refuse): Plan {
  const chosen = columns.filter(({ column }) => cells.text(column) !== '');
  const names = chosen.map(({ name }) => name);
  if (names.length < 2)
    throw refuse('NOT_FINITE', 'the row has no numbers for its classes', ['fill the columns of the classes']);
  if (set.classes === undefined) {
    // Answers that came before had numbers of their own.
    if (set.examples.length > 1) throw refuseMixture(set, refuse);
    set.classes = names;
  } else if (set.classes.join('\n') !== names.join('\n')) {
    throw refuse(
      'CLASSES',
      `${set.name} has the classes ${shorten(names)} here and ${shorten(set.classes)} before`,
      ['give all models of a dataset columns for the same classes, in the same order'],
    );
  }
  return {
    chosen,
    numbers: new Map(names.map((name, at) => [name, at])),
    logits: new Float64Array(names.length),
  };
}

function refuseMixture(set: SetEntry, refuse: Refuse): HeldoutError {
  return refuse(
    'CLASSES',
    `some models of ${set.name} have a number for each class, and others an answer alone`,
    ['import them under different dataset names, or give all of them the column prediction alone'],
  );
}

function takeLogarithms(values: Float64Array, refuse: Refuse): void {
  let sum = 0;
  for (const value of values) {
    if (value < 0 || value > 1 + slack) {
      throw refuse('PROBABILITY', `a probability is ${value}`, ['call columns of logits logit_CLASS']);
    }
    sum += value;
  }
  if (Math.abs(sum - 1) > slack) {
    throw refuse(
      'PROBABILITY',
      `the probabilities of the row add up to ${Number(sum.toFixed(6))}, not to 1`,
      [
        'call columns of logits logit_CLASS',
        'a class that the dataset has not is left empty in all of its rows',
        callOtherwise,
      ],
    );
  }
  for (let at = 0; at < values.length; at++)
    values[at] = Math.log(Math.max(leastProbability, values[at]! / sum));
}

/** `3.0` is what becomes of the class 3 in a column of floating-point numbers. */
export function tidy(text: string): string {
  return text.replace(/^(-?\d+)\.0+$/, '$1');
}

export function shorten(names: readonly string[]): string {
  return names.length <= 8 ? names.join(', ') : `${names.slice(0, 6).join(', ')} ... ${names.at(-1)}`;
}
