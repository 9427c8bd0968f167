import { type CastName, castValue, isCastName } from './casts.js';
import { rangeValues } from './ranges.js';
import { shuffleWith } from './shuffle.js';
import { type ElementValue, isElement, isSweep, type NumberValue, plainValue, type Value } from './value.js';

type Named = ReadonlyMap<string, Value>;

const CASTS: readonly CastName[] = ['int', 'float', 'bool', 'str', 'json_str'];
export const FUNCTION_NAMES: readonly string[] = [
  'choice',
  'range',
  'interval',
  'glob',
  'sort',
  'shuffle',
  'tag',
  'extend_list',
  ...CASTS,
];

export function isFunctionName(name: string): boolean {
  return FUNCTION_NAMES.includes(name);
}

/** Evaluates a call of the override grammar. Throws `RangeError` with the reason when it cannot. */
export function callFunction(name: string, positional: readonly Value[], named: Named): Value {
  if (isCastName(name)) return callCast(name, positional, named);
  switch (name) {
    case 'choice':
      return makeChoice(positional, named, false);
    case 'range':
      return makeRange(positional, named);
    case 'interval':
      return makeInterval(positional, named);
    case 'glob':
      return makeGlob(positional, named);
    case 'sort':
      return sortValues(positional, named);
    case 'shuffle':
      return shuffleValues(positional, named);
    case 'tag':
      return addTags(positional, named);
    default:
      refuseNamed(named);
      return { type: 'extend_list', items: elements(positional) };
  }
}

function refuseNamed(named: Named, ...known: readonly string[]): void {
  for (const name of named.keys()) {
    if (!known.includes(name)) throw new RangeError(`there is no argument '${name}'`);
  }
}

function elements(values: readonly Value[]): ElementValue[] {
  return values.map((value) => {
    if (!isElement(value)) throw new RangeError('a sweep cannot stand inside this function');
    return value;
  });
}

function callCast(name: CastName, positional: readonly Value[], named: Named): Value {
  refuseNamed(named, 'value');
  const values = [...positional, ...named.values()];
  const [only] = values;
  if (only === undefined) throw new RangeError('needs a value');
  return values.length === 1 ? castValue(name, only) : castValue(name, makeChoice(values, new Map(), true));
}

function makeChoice(positional: readonly Value[], named: Named, simple: boolean): Value {
  refuseNamed(named);
  if (positional.length === 0) throw new RangeError('needs at least one value');
  return { type: 'choice', values: elements(positional), simple, shuffle: false, tags: [] };
}

function requireNumber(value: Value | undefined, what: string): NumberValue {
  if (value === undefined) throw new RangeError(`needs ${what}`);
  if (value.type !== 'integer' && value.type !== 'float') throw new RangeError(`${what} must be a number`);
  return value;
}

function makeRange(positional: readonly Value[], named: Named): Value {
  refuseNamed(named, 'start', 'stop', 'step');
  if (positional.length > 3) throw new RangeError('takes start, stop and step');
  const alone = positional.length === 1 && !named.has('stop');
  const names = alone ? ['stop'] : ['start', 'stop', 'step'];
  const given = new Map(named);
  for (const [index, value] of positional.entries()) {
    const name = names[index] as string;
    if (given.has(name)) throw new RangeError(`'${name}' is given twice`);
    given.set(name, value);
  }
  const range = {
    type: 'range',
    start: requireNumber(given.get('start') ?? { type: 'integer', value: 0 }, 'start'),
    stop: requireNumber(given.get('stop'), 'stop'),
    step: requireNumber(given.get('step') ?? { type: 'integer', value: 1 }, 'step'),
    shuffle: false,
    tags: [],
  } as const;
  rangeValues(range);
  return range;
}

function makeInterval(positional: readonly Value[], named: Named): Value {
  refuseNamed(named, 'start', 'end');
  if (positional.length > 2) throw new RangeError('takes start and end');
  const float = (value: Value | undefined, what: string): NumberValue => ({
    type: 'float',
    value: requireNumber(value, what).value,
  });
  const start = float(positional[0] ?? named.get('start'), 'start');
  return { type: 'interval', start, end: float(positional[1] ?? named.get('end'), 'end'), tags: [] };
}

function makeGlob(positional: readonly Value[], named: Named): Value {
  refuseNamed(named, 'include', 'exclude');
  if (positional.length > 2) throw new RangeError('takes include and exclude');
  const include = positional[0] ?? named.get('include');
  if (include === undefined) throw new RangeError('needs a pattern');
  const exclude = positional[1] ?? named.get('exclude');
  return {
    type: 'glob',
    include: patterns(include),
    exclude: exclude === undefined ? [] : patterns(exclude),
  };
}

function patterns(value: Value): string[] {
  const items = value.type === 'list' ? value.items : [value];
  return items.map((item) => {
    if (item.type !== 'string') throw new RangeError('patterns must be strings');
    return item.value;
  });
}

function sortValues(positional: readonly Value[], named: Named): Value {
  refuseNamed(named, 'reverse');
  const reverse = named.get('reverse') ?? { type: 'boolean', value: false };
  if (reverse.type !== 'boolean') throw new RangeError("'reverse' must be true or false");
  const [first] = positional;
  if (first === undefined) throw new RangeError('needs values');
  if (positional.length > 1)
    return { ...choice(orderElements(elements(positional), reverse.value)), simple: true };
  if (first.type === 'list') return { ...first, items: orderElements(first.items, reverse.value) };
  if (first.type === 'choice') return { ...first, values: orderElements(first.values, reverse.value) };
  if (first.type === 'range') {
    return { ...choice(orderElements(rangeValues(first), reverse.value)), tags: first.tags };
  }
  throw new RangeError('sorts lists, choices and ranges');
}

function choice(values: readonly ElementValue[]) {
  return { type: 'choice', values, simple: false, shuffle: false, tags: [] as readonly string[] } as const;
}

function orderElements(values: readonly ElementValue[], reverse: boolean): ElementValue[] {
  const keys = new Map(values.map((value) => [value, plainValue(value)]));
  const kinds = new Set([...keys.values()].map((key) => typeof key));
  if (kinds.size > 1 || kinds.has('object')) throw new RangeError('cannot order values of different types');
  const sign = reverse ? -1 : 1;
  const compare = (a: ElementValue, b: ElementValue) => {
    const [left, right] = [keys.get(a) as string, keys.get(b) as string];
    return sign * (left < right ? -1 : left > right ? 1 : 0);
  };
  return values.toSorted(compare);
}

function shuffleValues(positional: readonly Value[], named: Named): Value {
  refuseNamed(named, 'list', 'sweep');
  const values = [...positional, ...named.values()];
  const [first] = values;
  if (first === undefined) throw new RangeError('needs values');
  if (values.length > 1) return { ...choice(elements(values)), simple: true, shuffle: true };
  if (first.type === 'choice' || first.type === 'range') return { ...first, shuffle: true };
  if (first.type === 'list') return { ...first, items: shuffleWith(0, '', first.items) };
  throw new RangeError('shuffles lists, choices and ranges');
}

function addTags(positional: readonly Value[], named: Named): Value {
  refuseNamed(named, 'tags', 'sweep');
  const sweep = named.get('sweep') ?? positional.at(-1);
  if (!isSweep(sweep) || sweep.type === 'glob') throw new RangeError('tags a choice, a range or an interval');
  const listed = named.get('tags');
  const given =
    listed?.type === 'list' ? listed.items : named.has('sweep') ? positional : positional.slice(0, -1);
  const names = given.map((tag) => {
    if (tag.type !== 'string') throw new RangeError('tags must be strings');
    return tag.value;
  });
  return { ...sweep, tags: [...new Set([...sweep.tags, ...names])].toSorted() };
}
