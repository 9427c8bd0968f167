import {
  BARE_INTERPOLATION,
  type ElementValue,
  type NumberValue,
  type Override,
  type Quote,
  type StringValue,
  type Value,
} from './value.js';

/** The text of an override: the parser's inverse. */
export function printOverride(override: Override): string {
  const prefix = { change: '', add: '+', 'force-add': '++', delete: '~' }[override.operation];
  const key = printTarget(override);
  return override.value === undefined ? prefix + key : `${prefix}${key}=${printValue(override.value, true)}`;
}

/** `training/optimizer@training.second`: what an override is about, without its operation and value. */
export function printTarget(override: Pick<Override, 'key' | 'package'>): string {
  return override.package === undefined ? override.key : `${override.key}@${override.package}`;
}

/** The text of a value. Only a whole value may be the empty string without quotes. */
export function printValue(value: Value, whole = false): string {
  switch (value.type) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(value.value);
    case 'integer':
    case 'float':
      return printNumber(value);
    case 'string':
      return whole && value.value === '' && value.quote === undefined ? '' : printString(value);
    case 'list':
      return `[${printItems(value.items)}]`;
    case 'map':
      return `{${value.entries.map(([key, item]) => `${printValue(key)}:${printValue(item)}`).join(',')}}`;
    case 'extend_list':
      return `extend_list(${printItems(value.items)})`;
    default:
      return printSweep(value);
  }
}

function printItems(items: readonly ElementValue[]): string {
  return items.map((item) => printValue(item)).join(',');
}

function printSweep(value: Extract<Value, { type: 'choice' | 'range' | 'interval' | 'glob' }>): string {
  if (value.type === 'glob') {
    const list = (globs: readonly string[]) => `[${globs.map((glob) => quoteText(glob, "'")).join(',')}]`;
    const exclude = value.exclude.length === 0 ? '' : `,exclude=${list(value.exclude)}`;
    return `glob(${list(value.include)}${exclude})`;
  }
  const tag = (text: string) =>
    value.tags.length === 0
      ? text
      : `tag(${value.tags.map((name) => quoteText(name, "'")).join(',')},${text})`;
  if (value.type === 'interval')
    return tag(`interval(${printNumber(value.start)},${printNumber(value.end)})`);
  if (value.type === 'range') {
    const range = `range(${printNumber(value.start)},${printNumber(value.stop)},${printNumber(value.step)})`;
    return tag(value.shuffle ? `shuffle(${range})` : range);
  }
  const items = printItems(value.values);
  if (value.simple && value.tags.length === 0) return value.shuffle ? `shuffle(${items})` : items;
  return tag(value.shuffle ? `shuffle(choice(${items}))` : `choice(${items})`);
}

function printNumber({ type, value }: NumberValue): string {
  if (type === 'integer') return String(value);
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function printString({ value, quote }: StringValue): string {
  if (quote !== undefined) return quoteText(value, quote);
  let printed = '';
  let end = 0;
  for (const { 0: token, index } of value.matchAll(BARE_INTERPOLATION)) {
    printed += escapeText(value.slice(end, index)) + token;
    end = index + token.length;
  }
  return printed + escapeText(value.slice(end));
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\()[\]{}:=, \t]/g, '\\$&');
}

/** Doubles the backslashes right before a quote, and escapes the quote. */
function quoteText(text: string, quote: Quote): string {
  const escaped = text.replaceAll(new RegExp(`(\\\\*)(${quote}|$)`, 'g'), (_, run: string, end: string) =>
    end === '' ? run + run : `${run}${run}\\${end}`,
  );
  return `${quote}${escaped}${quote}`;
}
