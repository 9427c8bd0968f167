import { HeldoutError } from '../../core/errors.js';

/** Text with interpolations in it, taken apart: plain pieces and `${...}`. */
export interface Template {
  readonly parts: readonly (string | Interpolation)[];
}
export type Interpolation = Reference | Call;
/** `${a.b}`, `${a[0]}`, `${.sibling}`: `up` counts the leading dots, 0 is from the root. */
export interface Reference {
  readonly type: 'reference';
  readonly up: number;
  readonly keys: readonly Template[];
}
/** `${name:argument, argument}`. */
export interface Call {
  readonly type: 'call';
  readonly name: Template;
  readonly arguments: readonly Argument[];
}
export type Argument =
  /** `typed`: unquoted text without escapes, which may be a number, `true` or `null`. */
  | { readonly type: 'text'; readonly template: Template; readonly typed: boolean }
  | { readonly type: 'list'; readonly items: readonly Argument[] }
  | { readonly type: 'map'; readonly entries: readonly (readonly [Argument, Argument])[] };

/** Takes text apart. `\${` is a literal `${`; a backslash elsewhere is a backslash. */
export function parseTemplate(text: string): Template {
  return new Parser(text).readAll();
}

export function hasInterpolation(text: string): boolean {
  return text.includes('${');
}

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  readAll(): Template {
    return this.readTemplate(() => false);
  }

  private fail(message: string, at = this.at): HeldoutError {
    return new HeldoutError({
      code: 'E_INTERPOLATION_SYNTAX',
      message: `${message}\n  ${this.text}\n  ${' '.repeat(at)}^`,
    });
  }

  /** Reads pieces until `stops` says so, or to the end. */
  private readTemplate(stops: () => boolean, escapes = false): Template {
    const parts: (string | Interpolation)[] = [];
    let piece = '';
    while (this.at < this.text.length && !stops()) {
      if (this.text.startsWith('${', this.at)) {
        if (piece !== '') parts.push(piece);
        piece = '';
        parts.push(this.readInterpolation());
      } else if (this.text[this.at] === '\\') {
        piece += this.readBackslashes(escapes);
      } else {
        piece += this.text[this.at];
        this.at += 1;
      }
    }
    if (piece !== '' || parts.length === 0) parts.push(piece);
    return { parts };
  }

  /** Backslashes before `${` are halved, an odd one makes it literal. */
  private readBackslashes(escapes: boolean): string {
    let end = this.at;
    while (this.text[end] === '\\') end += 1;
    const count = end - this.at;
    this.at = end;
    if (this.text.startsWith('${', end)) {
      const kept = '\\'.repeat(Math.floor(count / 2));
      if (count % 2 === 0) return kept;
      this.at += 2;
      return `${kept}\${`;
    }
    if (!escapes || count % 2 === 0) return '\\'.repeat(escapes ? count / 2 : count);
    const next = this.text[end] ?? '';
    if (!'\\()[]{}:=, \t\'"'.includes(next) || next === '') return '\\'.repeat(count);
    this.at += 1;
    return '\\'.repeat((count - 1) / 2) + next;
  }

  private skipBlanks(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at += 1;
  }

  private take(mark: string): boolean {
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }

  private readInterpolation(): Interpolation {
    const start = this.at;
    this.at += 2;
    this.skipBlanks();
    let up = 0;
    while (this.take('.')) up += 1;
    const keys = this.readKeys();
    if (up === 0 && this.take(':')) {
      const name = this.joinKeys(keys);
      return { type: 'call', name, arguments: this.readArguments() };
    }
    if (!this.take('}')) {
      throw this.at >= this.text.length
        ? this.fail("'${' is never closed", start)
        : this.fail("expected '}', '.' or '['");
    }
    if (keys.length === 0) throw this.fail('an interpolation names a key', start);
    return { type: 'reference', up, keys };
  }

  private readKeys(): Template[] {
    const keys: Template[] = [];
    const stopsKey = () => '.[]}{: \t'.includes(this.text[this.at] as string);
    for (;;) {
      const start = this.at;
      const key = this.readTemplate(stopsKey);
      if (this.at > start) keys.push(key);
      this.skipBlanks();
      if (this.take('[')) {
        keys.push(this.readTemplate(() => this.text[this.at] === ']'));
        if (!this.take(']')) throw this.fail("expected ']'");
        this.take('.');
      } else if (this.at === start || !this.take('.')) return keys;
    }
  }

  private joinKeys(keys: readonly Template[]): Template {
    return { parts: keys.flatMap((key, index) => (index === 0 ? key.parts : ['.', ...key.parts])) };
  }

  private readArguments(): Argument[] {
    this.skipBlanks();
    if (this.take('}')) return [];
    const given: Argument[] = [];
    do given.push(this.readArgument(',}'));
    while (this.take(','));
    if (!this.take('}')) throw this.fail("expected ',' or '}'");
    return given;
  }

  private readArgument(ends: string): Argument {
    this.skipBlanks();
    const next = this.text[this.at];
    const argument =
      next === "'" || next === '"'
        ? this.readQuoted(next)
        : next === '['
          ? this.readList()
          : next === '{'
            ? this.readMap()
            : this.readPrimitive(ends);
    this.skipBlanks();
    return argument;
  }

  private readQuoted(quote: string): Argument {
    const start = this.at;
    this.at += 1;
    const inner = this.findClosingQuote(quote, start);
    this.at += 1;
    return { type: 'text', template: parseTemplate(inner), typed: false };
  }

  /** Text up to the closing quote; quotes inside a nested interpolation do not count. */
  private findClosingQuote(quote: string, start: number): string {
    let inner = '';
    let depth = 0;
    for (; this.at < this.text.length; this.at += 1) {
      const character = this.text[this.at] as string;
      if (character === '\\' && this.text[this.at + 1] === quote && depth === 0) {
        inner += quote;
        this.at += 1;
        continue;
      }
      if (this.text.startsWith('${', this.at)) depth += 1;
      if (character === '}' && depth > 0) depth -= 1;
      if (character === quote && depth === 0) return inner;
      inner += character;
    }
    throw this.fail('this quote is never closed', start);
  }

  private readList(): Argument {
    this.at += 1;
    const items: Argument[] = [];
    this.skipBlanks();
    if (this.take(']')) return { type: 'list', items };
    do items.push(this.readArgument(',]'));
    while (this.take(','));
    if (!this.take(']')) throw this.fail("expected ',' or ']'");
    return { type: 'list', items };
  }

  private readMap(): Argument {
    this.at += 1;
    const entries: (readonly [Argument, Argument])[] = [];
    this.skipBlanks();
    if (this.take('}')) return { type: 'map', entries };
    do {
      const key = this.readArgument(':');
      if (!this.take(':')) throw this.fail("expected ':'");
      entries.push([key, this.readArgument(',}')]);
    } while (this.take(','));
    if (!this.take('}')) throw this.fail("expected ',' or '}'");
    return { type: 'map', entries };
  }

  private readPrimitive(ends: string): Argument {
    const start = this.at;
    const template = this.readTemplate(() => ends.includes(this.text[this.at] as string), true);
    const typed = !this.text.slice(start, this.at).includes('\\');
    return { type: 'text', template: trimEnd(template), typed };
  }
}

function trimEnd({ parts }: Template): Template {
  const last = parts.at(-1);
  if (typeof last !== 'string') return { parts };
  const trimmed = last.trimEnd();
  return {
    parts: trimmed === '' && parts.length > 1 ? parts.slice(0, -1) : [...parts.slice(0, -1), trimmed],
  };
}
