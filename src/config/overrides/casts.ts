import { printValue } from './printer.js';
import { rangeValues } from './ranges.js';
import {
  type ElementValue,
  keyText,
  plainValue,
  readScalar,
  type ScalarValue,
  stringValue,
  type Value,
} from './value.js';

export type CastName = 'int' | 'float' | 'bool' | 'str' | 'json_str';

export function isCastName(name: string): name is CastName {
  return ['int', 'float', 'bool', 'str', 'json_str'].includes(name);
}

/** Casts scalars, and what stands inside lists, maps, choices and ranges. Throws `RangeError`. */
export function castValue(name: CastName, value: Value): Value {
  switch (value.type) {
    case 'choice':
      return { ...value, values: value.values.map((item) => castElement(name, item)) };
    case 'range': {
      if (name !== 'int' && name !== 'float') {
        const values = rangeValues(value).map((item) => castElement(name, item));
        return { type: 'choice', values, simple: false, shuffle: value.shuffle, tags: value.tags };
      }
      const [start, stop, step] = [value.start, value.stop, value.step].map((part) =>
        castNumber(name, part.value),
      );
      const range = { ...value, start: start!, stop: stop!, step: step! };
      rangeValues(range);
      return range;
    }
    case 'interval':
      if (name !== 'int' && name !== 'float') throw new RangeError('an interval holds numbers');
      return { ...value, start: castNumber(name, value.start.value), end: castNumber(name, value.end.value) };
    case 'glob':
    case 'extend_list':
      throw new RangeError(`cannot cast ${value.type}()`);
    default:
      return castElement(name, value);
  }
}

function castElement(name: CastName, value: ElementValue): ElementValue {
  if (name === 'json_str') return stringValue(JSON.stringify(plainValue(value)));
  if (value.type === 'list') return { ...value, items: value.items.map((item) => castElement(name, item)) };
  if (value.type === 'map') {
    return { ...value, entries: value.entries.map(([key, item]) => [key, castElement(name, item)]) };
  }
  return castScalar(name, value);
}

function castScalar(name: Exclude<CastName, 'json_str'>, value: ScalarValue): ScalarValue {
  if (name === 'str') return stringValue(value.type === 'string' ? value.value : printValue(value));
  if (value.type === 'null') throw new RangeError(`cannot turn null into ${name}`);
  if (name === 'bool') return castBoolean(value);
  if (value.type === 'boolean') return castNumber(name, Number(value.value));
  if (value.type !== 'string') return castNumber(name, value.value);
  const read = readScalar(value.value.trim());
  if (read.type === 'integer' || (name === 'float' && read.type === 'float'))
    return castNumber(name, read.value);
  throw new RangeError(`cannot turn '${keyText(value)}' into ${name}`);
}

function castBoolean(value: Exclude<ScalarValue, { type: 'null' }>): ScalarValue {
  if (value.type === 'boolean') return value;
  if (value.type !== 'string') return { type: 'boolean', value: value.value !== 0 };
  const text = value.value.toLowerCase();
  if (text !== 'true' && text !== 'false') throw new RangeError(`cannot turn '${value.value}' into bool`);
  return { type: 'boolean', value: text === 'true' };
}

function castNumber(name: 'int' | 'float', value: number) {
  if (name === 'float') return { type: 'float', value } as const;
  if (!Number.isFinite(value)) throw new RangeError(`cannot turn ${value} into int`);
  return { type: 'integer', value: Math.trunc(value) + 0 } as const;
}
