import { nearestNames } from '../config/index.js';
import { HeldoutError } from '../core/errors.js';

/** What the columns of a file of predictions are for. */
export interface ColumnRoles {
  readonly model: number;
  readonly dataset: number;
  readonly example: number;
  readonly label: number;
  /** The answer; absent where classes have scores. */
  readonly prediction: number | undefined;
  readonly trainedOn: number | undefined;
  readonly task: number | undefined;
  readonly variant: number | undefined;
  /** Logits or probabilities, a column per class; empty where only answers are given. */
  readonly scores: readonly { readonly column: number; readonly name: string }[];
  readonly scale: 'logits' | 'probabilities';
  /** Columns that say how a network was made. */
  readonly factors: readonly { readonly column: number; readonly name: string }[];
  /** Columns that say what an example is. */
  readonly groups: readonly { readonly column: number; readonly name: string }[];
}

const named = ['model', 'dataset', 'set', 'example', 'label', 'prediction', 'trained_on', 'task', 'variant'];
const prefixes = { logits: 'logit_', probabilities: 'p_', groups: 'group_' } as const;

/** What to do with a factor whose name looks like a class's. */
export const callOtherwise =
  'a factor of the models is called otherwise: p_ and logit_ begin the columns of classes';

/** Reads the header of a file. Throws HeldoutError on what is missing or stands twice. */
export function assignRoles(header: readonly string[], path: string): ColumnRoles {
  const refuse = (message: string, hints: readonly string[]) =>
    new HeldoutError({ code: 'E_IMPORT_COLUMNS', message, place: `${path}:1`, hints });
  const twice = header.find((name, at) => name !== '' && header.indexOf(name) !== at);
  if (twice !== undefined) throw refuse(`two columns are called '${twice}'`, ['rename one of them']);
  const find = (name: string) => (header.includes(name) ? header.indexOf(name) : undefined);
  const need = (...names: readonly [string, ...string[]]): number => {
    const found = names.map(find).find((column) => column !== undefined);
    if (found !== undefined) return found;
    const near = nearestNames(names[0], header, 1).map((name) => `rename '${name}' to '${names[0]}'`);
    throw refuse(`there is no column '${names.join("' or '")}'`, [
      ...near,
      'a file has a row per example and model, and the columns model, dataset, example, label, and prediction or logit_0, logit_1 ...',
      `its columns are ${header.join(', ')}`.slice(0, 200),
    ]);
  };
  const withPrefix = (prefix: string) =>
    header.flatMap((name, column) =>
      name.startsWith(prefix) && name.length > prefix.length
        ? [{ column, name: name.slice(prefix.length) }]
        : [],
    );
  const logits = withPrefix(prefixes.logits);
  // Beside logits, what is of none of their classes is no probability: `p_dropout` is a factor.
  const probabilities = withPrefix(prefixes.probabilities).filter(
    ({ name }) => logits.length === 0 || logits.some((logit) => logit.name === name),
  );
  const scores = logits.length > 0 ? logits : probabilities;
  if (scores.length === 1) {
    throw refuse(`there is one class alone: '${header[scores[0]!.column]}'`, [
      'give every class a column',
      callOtherwise,
    ]);
  }
  const roles = {
    model: need('model'),
    dataset: need('dataset', 'set'),
    example: need('example'),
    label: need('label'),
    prediction: scores.length > 0 ? undefined : need('prediction'),
    trainedOn: find('trained_on'),
    task: find('task'),
    variant: find('variant'),
    scores,
    scale: logits.length > 0 ? ('logits' as const) : ('probabilities' as const),
    groups: withPrefix(prefixes.groups),
  };
  const taken = new Set([...logits, ...probabilities, ...roles.groups].map(({ column }) => column));
  const factors = header.flatMap((name, column) =>
    named.includes(name) || taken.has(column) || isRowNumber(name) ? [] : [{ column, name }],
  );
  return { ...roles, factors };
}

/** What pandas calls the index that it writes beside a table. */
const isRowNumber = (name: string) =>
  name === '' || name.startsWith('Unnamed: ') || name === '__index_level_0__';
