import { HeldoutError } from '../../core/errors.js';
import { suggest } from '../suggestions.js';
import { callFunction, FUNCTION_NAMES, isFunctionName } from './functions.js';
import { type Token, tokenize } from './lexer.js';
import { overrideSyntaxError } from './syntax-error.js';
import {
  type ElementValue,
  isElement,
  isSweep,
  keyText,
  type Override,
  readScalar,
  type ScalarValue,
  type Value,
} from './value.js';

const ID = '[A-Za-z_$][\\w$-]*';
const KEY = new RegExp(`^(?:${ID}(?:/${ID})+|(?:${ID}|0|[1-9]\\d*)(?:\\.(?:${ID}|0|[1-9]\\d*))*)$`);
const PACKAGE = new RegExp(`^(?:(?:${ID}|\\d+)(?:\\.(?:${ID}|\\d+))*)?$`);

/**
 * Reads one override (`key=value`, `+key=value`, `++key=value`, `~key`, `group@package=option`), in
 * Hydra's grammar. Throws a `HeldoutError` that points at the character that cannot be read.
 */
export function parseOverride(text: string): Override {
  const equal = text.indexOf('=');
  const left = equal < 0 ? text : text.slice(0, equal);
  const prefix = /^(?:~|\+\+|\+)?/.exec(left)?.[0] ?? '';
  const operation =
    prefix === '~' ? 'delete' : prefix === '++' ? 'force-add' : prefix === '+' ? 'add' : 'change';
  const target = parseKey(text, left.slice(prefix.length).trimEnd(), prefix.length);
  if (equal < 0) {
    if (operation === 'delete') return { operation, ...target };
    throw overrideSyntaxError(text, text.length, "an override needs a '=' and a value", [
      `type ${text}=VALUE`,
      `to delete the key type ~${text.slice(prefix.length)}`,
    ]);
  }
  return { operation, ...target, value: parseValue(text, equal + 1) };
}

function parseKey(text: string, key: string, offset: number): { key: string; package?: string } {
  const at = key.indexOf('@');
  const name = at < 0 ? key : key.slice(0, at);
  if (name === '') throw overrideSyntaxError(text, offset, 'an override starts with a key or a group');
  if (!KEY.test(name)) {
    throw overrideSyntaxError(text, offset + firstBadCharacter(name), `'${name}' is not a key or a group`, [
      'keys are joined with dots (training.steps=10), groups with slashes (training/optimizer=adam)',
    ]);
  }
  if (at < 0) return { key: name };
  const packageName = key.slice(at + 1);
  if (!PACKAGE.test(packageName)) {
    throw overrideSyntaxError(text, offset + at + 1, `'${packageName}' is not a package`, [
      'a package is a key: group@some.key=option',
    ]);
  }
  return { key: name, package: packageName };
}

function firstBadCharacter(key: string): number {
  const bad = key.search(/[^\w$\-./]/);
  return Math.max(bad, 0);
}

/** Reads a value: `text` from `offset` on. Nothing at all is the empty string. */
export function parseValue(text: string, offset = 0): Value {
  const reader = new Reader(text, tokenize(text, offset));
  if (reader.peek().type === 'end') return { type: 'string', value: '' };
  const first = reader.readAny();
  if (reader.peek().text !== ',' || reader.peek().type !== 'punctuation') {
    reader.expectEnd();
    return first;
  }
  const values = [reader.requireElement(first, offset)];
  while (reader.takePunctuation(',')) {
    const start = reader.peek().start;
    values.push(reader.requireElement(reader.readAny(), start));
  }
  reader.expectEnd();
  return { type: 'choice', values, simple: true, shuffle: false, tags: [] };
}

/** Reads one element, as `oc.decode` does: no sweeps. */
export function parseElement(text: string): ElementValue {
  const value = parseValue(text);
  if (!isElement(value)) throw overrideSyntaxError(text, 0, 'a sweep cannot stand here');
  return value;
}

/** A cursor over the tokens of one value: it is the one thing here that has state. */
class Reader {
  private index = 0;

  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
  ) {}

  peek(): Token {
    return this.tokens[this.index] as Token;
  }

  fail(token: Token, message: string, hints: readonly string[] = []): HeldoutError {
    return overrideSyntaxError(this.text, token.start, message, hints);
  }

  unexpected(token: Token, wanted: string): HeldoutError {
    const found = token.type === 'end' ? 'the end' : `'${this.text.slice(token.start, token.end)}'`;
    const hints =
      token.type === 'punctuation'
        ? [`to mean the character itself, quote the value or write \\${token.text}`]
        : [];
    return this.fail(token, `expected ${wanted}, found ${found}`, hints);
  }

  skipSpace(): void {
    if (this.peek().type === 'space') this.index += 1;
  }

  /** Takes a punctuation mark and the blanks around it. */
  takePunctuation(mark: string): boolean {
    const start = this.index;
    this.skipSpace();
    const token = this.peek();
    if (token.type === 'punctuation' && token.text === mark) {
      this.index += 1;
      this.skipSpace();
      return true;
    }
    this.index = start;
    return false;
  }

  expectEnd(): void {
    this.skipSpace();
    if (this.peek().type !== 'end') throw this.unexpected(this.peek(), "the end or ','");
  }

  requireElement(value: Value, start: number): ElementValue {
    if (isElement(value)) return value;
    const what = isSweep(value) ? 'a sweep' : 'extend_list()';
    throw overrideSyntaxError(this.text, start, `${what} cannot stand inside another value`, [
      'write the sweep as the whole value: key=choice(a,b)',
    ]);
  }

  readAny(): Value {
    const space = this.peek();
    this.skipSpace();
    const token = this.peek();
    if (token.type === 'punctuation' && token.text === '[') return this.readList();
    if (token.type === 'punctuation' && token.text === '{') return this.readMap();
    if (this.atCall()) return this.readCall();
    if (space.type === 'space' && (token.type === 'end' || token.text === ',')) {
      throw this.fail(space, 'a value cannot be only blanks', ['put it in quotes: key="  "']);
    }
    return this.readPrimitive(true);
  }

  readElement(): ElementValue {
    const start = this.peek().start;
    return this.requireElement(this.readAny(), start);
  }

  private readList(): ElementValue {
    this.takePunctuation('[');
    const items: ElementValue[] = [];
    if (this.takePunctuation(']')) return { type: 'list', items };
    do items.push(this.readElement());
    while (this.takePunctuation(','));
    if (!this.takePunctuation(']')) throw this.unexpected(this.peek(), "',' or ']'");
    return { type: 'list', items };
  }

  private readMap(): ElementValue {
    this.takePunctuation('{');
    const entries: (readonly [ScalarValue, ElementValue])[] = [];
    const seen = new Set<string>();
    if (this.takePunctuation('}')) return { type: 'map', entries };
    do {
      const start = this.peek();
      if (start.type === 'quoted') throw this.fail(start, 'keys of a map are written without quotes');
      const key = this.readPrimitive(false);
      if (seen.has(keyText(key)) || keyText(key) === '__proto__') {
        throw this.fail(start, `the key '${keyText(key)}' cannot stand here (again)`);
      }
      seen.add(keyText(key));
      if (!this.takePunctuation(':')) throw this.unexpected(this.peek(), "':' after the key");
      entries.push([key, this.readElement()]);
    } while (this.takePunctuation(','));
    if (!this.takePunctuation('}')) throw this.unexpected(this.peek(), "',' or '}'");
    return { type: 'map', entries };
  }

  private atCall(): boolean {
    if (this.peek().type !== 'text' || !/^[A-Za-z_]\w*$/.test(this.peek().text)) return false;
    const next = this.tokens[this.index + 1];
    const opening = next?.type === 'space' ? this.tokens[this.index + 2] : next;
    return opening?.type === 'punctuation' && opening.text === '(';
  }

  private readCall(): Value {
    const name = this.peek();
    if (!isFunctionName(name.text)) {
      throw this.fail(name, `there is no function '${name.text}'`, [
        ...suggest(name.text, FUNCTION_NAMES),
        `functions are ${FUNCTION_NAMES.join(', ')}`,
        'to mean the text itself, put it in quotes',
      ]);
    }
    this.index += 1;
    this.takePunctuation('(');
    const positional: Value[] = [];
    const named = new Map<string, Value>();
    if (!this.takePunctuation(')')) {
      do this.readArgument(positional, named);
      while (this.takePunctuation(','));
      if (!this.takePunctuation(')')) throw this.unexpected(this.peek(), "',' or ')'");
    }
    try {
      return callFunction(name.text, positional, named);
    } catch (error) {
      if (error instanceof RangeError) throw this.fail(name, `${name.text}(): ${error.message}`);
      throw error;
    }
  }

  private readArgument(positional: Value[], named: Map<string, Value>): void {
    const token = this.peek();
    const next = this.tokens[this.index + (this.tokens[this.index + 1]?.type === 'space' ? 2 : 1)];
    if (token.type === 'text' && next?.type === 'punctuation' && next.text === '=') {
      if (named.has(token.text)) throw this.fail(token, `the argument '${token.text}' is given twice`);
      this.index += 1;
      this.takePunctuation('=');
      named.set(token.text, this.readAny());
    } else {
      if (named.size > 0) throw this.fail(token, 'a positional argument cannot follow a named one');
      positional.push(this.readAny());
    }
  }

  /** One or more tokens: one keeps its type, several are joined to a string. */
  private readPrimitive(colons: boolean): ScalarValue {
    const first = this.peek();
    if (first.type === 'quoted') {
      this.index += 1;
      return {
        type: 'string',
        value: first.text,
        ...(first.quote === undefined ? {} : { quote: first.quote }),
      };
    }
    const taken: Token[] = [];
    for (let token = first; this.continuesPrimitive(token, colons); token = this.peek()) {
      taken.push(token);
      this.index += 1;
    }
    if (this.peek().type === 'quoted') {
      throw this.fail(this.peek(), 'a quote in the middle of a value', ['put the whole value in quotes']);
    }
    while (taken[0]?.type === 'space') taken.shift();
    while (taken.at(-1)?.type === 'space') taken.pop();
    if (taken.length === 0) throw this.unexpected(this.peek(), 'a value');
    const text = taken.map((token) => token.text).join('');
    if (taken.some((token) => token.type !== 'text')) return { type: 'string', value: text };
    const value = readScalar(text);
    if (value.type === 'integer' && !Number.isSafeInteger(value.value)) {
      throw this.fail(first, `${text} is too large for an exact integer`, [
        'put it in quotes to keep its digits',
      ]);
    }
    return value;
  }

  private continuesPrimitive(token: Token, colons: boolean): boolean {
    if (token.type === 'punctuation') return colons && token.text === ':';
    return token.type !== 'quoted' && token.type !== 'end';
  }
}

/** Adds to an error of the parser where its text was written. */
export function placeError(error: unknown, place: string): unknown {
  if (!(error instanceof HeldoutError) || error.place !== undefined) return error;
  return new HeldoutError({ code: error.code, message: error.message, hints: error.hints, place });
}
