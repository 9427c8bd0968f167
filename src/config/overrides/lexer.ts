import { overrideSyntaxError } from './syntax-error.js';
import { isBareCharacter, type Quote } from './value.js';

export interface Token {
  readonly type: 'punctuation' | 'quoted' | 'text' | 'escape' | 'space' | 'interpolation' | 'end';
  /** Source text; of `quoted` and `escape` what it stands for. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly quote?: Quote;
}

const PUNCTUATION = '()[]{}:=,';
const ESCAPABLE = `\\${PUNCTUATION} \t`;

/** Splits what follows the first `=` of an override into tokens. `offset` is where it starts in `source`. */
export function tokenize(source: string, offset: number): Token[] {
  const tokens: Token[] = [];
  let position = offset;
  while (position < source.length) {
    const token = readToken(source, position);
    tokens.push(token);
    position = token.end;
  }
  tokens.push({ type: 'end', text: '', start: source.length, end: source.length });
  return tokens;
}

function readToken(source: string, start: number): Token {
  const character = source[start] as string;
  if (character === "'" || character === '"') return readQuoted(source, start, character);
  if (source.startsWith('${', start)) return readInterpolation(source, start);
  if (isEscape(source, start)) {
    return { type: 'escape', text: source[start + 1] as string, start, end: start + 2 };
  }
  if (PUNCTUATION.includes(character)) {
    return { type: 'punctuation', text: character, start, end: start + 1 };
  }
  let end = start;
  const type = isBlank(character) ? 'space' : 'text';
  while (end < source.length && (type === 'space' ? isBlank(source[end]) : continuesText(source, end))) {
    end += source.codePointAt(end)! > 0xffff ? 2 : 1;
  }
  if (end === start) {
    const shown = String.fromCodePoint(source.codePointAt(start)!);
    throw overrideSyntaxError(source, start, `'${shown}' cannot stand outside quotes`, [
      `put the value in quotes: '${source.slice(0, source.indexOf('=') + 1)}"..."'`,
    ]);
  }
  return { type, text: source.slice(start, end), start, end };
}

function isEscape(source: string, at: number): boolean {
  return source[at] === '\\' && at + 1 < source.length && ESCAPABLE.includes(source[at + 1] as string);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function continuesText(source: string, at: number): boolean {
  const character = String.fromCodePoint(source.codePointAt(at)!);
  if (isBlank(character) || PUNCTUATION.includes(character) || isEscape(source, at)) return false;
  return isBareCharacter(character) && !source.startsWith('${', at);
}

function readInterpolation(source: string, start: number): Token {
  const close = source.indexOf('}', start);
  if (close < 0) throw overrideSyntaxError(source, start, "'${' is never closed", ["add the missing '}'"]);
  const text = source.slice(start, close + 1);
  if (text.includes('{', 2)) {
    throw overrideSyntaxError(
      source,
      start + text.indexOf('{', 2),
      'an interpolation inside another needs quotes',
      [`write the value in quotes: 'key="\${a.\${b}}"'`],
    );
  }
  return { type: 'interpolation', text, start, end: close + 1 };
}

/** A run of backslashes before a quote is halved, an odd one escapes the quote; other backslashes stay. */
function readQuoted(source: string, start: number, quote: Quote): Token {
  let text = '';
  for (let at = start + 1; at < source.length; ) {
    let run = at;
    while (source[run] === '\\') run += 1;
    const count = run - at;
    if (source[run] === quote) {
      text += '\\'.repeat(Math.floor(count / 2));
      if (count % 2 === 0) return { type: 'quoted', text, start, end: run + 1, quote };
      text += quote;
      at = run + 1;
    } else {
      text += source.slice(at, run + 1);
      at = run + 1;
    }
  }
  throw overrideSyntaxError(source, start, 'this quote is never closed', [`add the missing ${quote}`]);
}
