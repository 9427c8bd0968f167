import { HeldoutError } from '../../../core/errors.js';
import { isJsonObject, type JsonObject } from '../../../core/json.js';

export interface FunctionEdits {
  /** What is typed on the run's own config to make the runs. */
  readonly overrides: readonly string[];
  /** What becomes of the functions in each of them, in words. */
  readonly ways: readonly string[];
}

const trainings = ['none', 'added', 'all'] as const;

/**
 * Reads `remove=each|2|0,2`, `add=N`, `start=random|copies` and `train=none|added|all` among the words of `experiment --
 * functions`; all others are overrides of the run's config. Without any, each function is removed in turn.
 */
export function chooseEdits(
  source: { readonly run: string; readonly results: string; readonly config: JsonObject },
  words: readonly string[],
): FunctionEdits {
  const own = new Map<string, string>();
  const rest = words.filter((word) => {
    const [, key, value] = /^(remove|add|start|train)=(.*)$/s.exec(word) ?? [];
    if (key !== undefined) own.set(key, value!);
    return key === undefined;
  });
  const count = countFunctions(source.config);
  const add = readCount(own.get('add') ?? '0');
  const removals = readRemovals(own.get('remove') ?? (add > 0 ? '' : 'each'), count);
  const train = own.get('train') ?? (add > 0 ? 'all' : 'none');
  if (!(trainings as readonly string[]).includes(train)) {
    throw usage(`train is one of ${trainings.join(', ')}, not '${train}'`, 'train=all');
  }
  if (train === 'added' && add === 0)
    throw usage('no function is added that could be trained alone', 'add=1');
  const study = isJsonObject(source.config.study) ? String(source.config.study.name) : 'study';
  const left = count - removals[0]!.length;
  if (left < 1) throw usage(`of the ${count} functions none would be left`, 'leave one');
  const overrides = [
    `study={name: ${study}-functions, alias: [], title: Functions of run ${source.run}}`,
    '~sweep',
    `paths.results=${JSON.stringify(source.results)}`,
    'protocol.name=functions',
    `++protocol.from="${source.run}"`,
    `++protocol.start=${own.get('start') ?? 'random'}`,
    `++protocol.train=${train !== 'none'}`,
    `++protocol.remove=${removals.map((one) => `[${one.join(',')}]`).join(',')}`,
    `++model.functions=${left}`,
    `++model.added=${add}`,
    ...chooseTrained(train, source.config),
  ];
  const replaced = new Set(rest.map(keyOf));
  const ways = removals.map((one) =>
    [
      ...(one.length > 0 ? [`without ${one.join(', ')}`] : []),
      ...(add > 0 ? [`with ${add} more`] : []),
      ...(train === 'none' ? [] : [train === 'added' ? 'which alone are trained' : 'trained']),
    ].join(', '),
  );
  return { overrides: [...overrides.filter((word) => !replaced.has(keyOf(word))), ...rest], ways };
}

/** Which parameters are trained: another choice than this one was for the run that is taken up. */
function chooseTrained(train: string, { training }: JsonObject): readonly string[] {
  if (train === 'added') return ['++training.train_only=["*/added/*"]'];
  return isJsonObject(training) && 'train_only' in training ? ['~training.train_only'] : [];
}

function keyOf(word: string): string {
  return word.replace(/^[+~]*/, '').replace(/=.*$/s, '');
}

function countFunctions({ model }: JsonObject): number {
  const { functions = 0, added = 0 } = isJsonObject(model) ? model : {};
  return Number(functions) + Number(added);
}

function readCount(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw usage(`add is a number of functions, not '${text}'`, 'add=2');
}

/** The functions that are left out in each run. */
function readRemovals(text: string, count: number): readonly (readonly number[])[] {
  if (text === 'each') return Array.from({ length: count }, (_, place) => [place]);
  const list = text
    .replace(/^\[(.*)\]$/s, '$1')
    .split(',')
    .map((part) => part.trim());
  if (text === '' || text === '[]') return [[]];
  if (!list.every((part) => /^\d+$/.test(part))) {
    throw usage(`remove is each, or functions counted from 0, not '${text}'`, 'remove=0,2');
  }
  const places = [...new Set(list.map(Number))].sort((a, b) => a - b);
  const unknown = places.filter((place) => place >= count);
  if (unknown.length === 0) return [places];
  throw usage(
    `there is no function ${unknown.join(', ')}: the run has ${count}, 0 to ${count - 1}`,
    `remove=${count - 1}`,
  );
}

function usage(message: string, hint: string): HeldoutError {
  return new HeldoutError({
    code: 'E_FUNCTIONS_USAGE',
    message,
    place: 'command line',
    hints: [`npm run experiment -- functions RUN ${hint}`],
  });
}
