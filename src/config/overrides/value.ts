/** The syntax tree of an override's value: what the parser makes and the printer turns back into text. */
export type ScalarValue =
  | { readonly type: 'null' }
  | { readonly type: 'boolean'; readonly value: boolean }
  | NumberValue
  | StringValue;
export interface NumberValue {
  readonly type: 'integer' | 'float';
  readonly value: number;
}
export interface StringValue {
  readonly type: 'string';
  readonly value: string;
  /** Set when the text stood in quotes, which always make a string. */
  readonly quote?: Quote;
}
export type Quote = "'" | '"';
export interface ListValue {
  readonly type: 'list';
  readonly items: readonly ElementValue[];
}
export interface MapValue {
  readonly type: 'map';
  readonly entries: readonly (readonly [key: ScalarValue, value: ElementValue])[];
}
/** A value that can stand in a config. */
export type ElementValue = ScalarValue | ListValue | MapValue;

export interface ChoiceSweep {
  readonly type: 'choice';
  readonly values: readonly ElementValue[];
  /** Written `a,b` rather than `choice(a,b)`. */
  readonly simple: boolean;
  readonly shuffle: boolean;
  readonly tags: readonly string[];
}
export interface RangeSweep {
  readonly type: 'range';
  readonly start: NumberValue;
  /** Excluded. */
  readonly stop: NumberValue;
  readonly step: NumberValue;
  readonly shuffle: boolean;
  readonly tags: readonly string[];
}
export interface IntervalSweep {
  readonly type: 'interval';
  readonly start: NumberValue;
  readonly end: NumberValue;
  readonly tags: readonly string[];
}
export interface GlobSweep {
  readonly type: 'glob';
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}
export type SweepValue = ChoiceSweep | RangeSweep | IntervalSweep | GlobSweep;
export interface ListExtension {
  readonly type: 'extend_list';
  readonly items: readonly ElementValue[];
}
export type Value = ElementValue | SweepValue | ListExtension;

export interface Override {
  readonly operation: 'change' | 'add' | 'force-add' | 'delete';
  /** A config key (`training.steps`) or a group (`training/optimizer`). */
  readonly key: string;
  /** What stands after `@`. */
  readonly package?: string;
  /** Absent only for a deletion that names no value. */
  readonly value?: Value;
}

export function isSweep(value: Value | undefined): value is SweepValue {
  return value !== undefined && ['choice', 'range', 'interval', 'glob'].includes(value.type);
}

export function isElement(value: Value): value is ElementValue {
  return !isSweep(value) && value.type !== 'extend_list';
}

const FLOAT =
  /^[+-]?(?:(?:(?:0|[1-9](?:_?\d)*)\.|(?:0|[1-9](?:_?\d)*)?\.\d(?:_?\d)*|(?:0|[1-9](?:_?\d)*))[eE][+-]?(?:0|[1-9](?:_?\d)*)|(?:0|[1-9](?:_?\d)*)\.|(?:0|[1-9](?:_?\d)*)?\.\d(?:_?\d)*|[iI][nN][fF]|[nN][aA][nN])$/;
const INTEGER = /^[+-]?(?:0|[1-9](?:_?\d)*)$/;

/** What unquoted, unescaped text means: a number, `true`, `null`, or itself. */
export function readScalar(text: string): ScalarValue {
  const lower = text.toLowerCase();
  if (lower === 'null') return { type: 'null' };
  if (lower === 'true' || lower === 'false') return { type: 'boolean', value: lower === 'true' };
  if (INTEGER.test(text)) return { type: 'integer', value: Number(text.replaceAll('_', '')) + 0 };
  if (FLOAT.test(text)) return { type: 'float', value: readFloat(lower.replaceAll('_', '')) };
  return { type: 'string', value: text };
}

function readFloat(text: string): number {
  if (text.endsWith('inf')) return text.startsWith('-') ? -Infinity : Infinity;
  return text.endsWith('nan') ? Number.NaN : Number(text);
}

const BARE = /[\p{L}\p{N}_/\-\\+.$%*@?|:()[\]{}=, \t]/u;

/** Whether a character may stand outside quotes (some of them only after a backslash). */
export function isBareCharacter(character: string): boolean {
  return BARE.test(character);
}

/** An interpolation without braces inside: it may stand outside quotes, whatever its characters. */
export const BARE_INTERPOLATION = /\$\{[^{}]*\}/g;

/** A string that prints and reads back as itself: in quotes where bare text would mean something else. */
export function stringValue(text: string): StringValue {
  const outside = text.replaceAll(BARE_INTERPOLATION, '');
  const bare = text !== '' && [...outside].every(isBareCharacter) && readScalar(text).type === 'string';
  return bare ? { type: 'string', value: text } : { type: 'string', value: text, quote: "'" };
}

/** The value as plain data: strings lose their quotes, keys become strings. */
export function plainValue(value: ElementValue): unknown {
  if (value.type === 'null') return null;
  if (value.type === 'list') return value.items.map(plainValue);
  if (value.type !== 'map') return value.value;
  return Object.fromEntries(value.entries.map(([key, item]) => [keyText(key), plainValue(item)]));
}

export function keyText(key: ScalarValue): string {
  return key.type === 'null' ? 'null' : String(key.value);
}
