import { HeldoutError } from '../core/errors.js';

export interface Token {
  readonly text: string;
  /** Column of its first character, from 1. */
  readonly column: number;
  readonly quoted: boolean;
}

/** Cuts a statement into words, numbers, quoted names and signs. */
export function tokenize(text: string): readonly Token[] {
  const pattern = /\s*(?:(\.\.\.|<=|>=|==|!=|[=<>(){},])|'([^']*)'|"([^"]*)"|([^\s=<>!(){},'"]+))/y;
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      const column = start + 1 + (text.slice(start).length - text.slice(start).trimStart().length);
      throw statementError(
        text,
        column,
        `cannot read '${text[column - 1]}'`,
        'scale >= 0.8 and shape = heart',
      );
    }
    const quoted = match[2] ?? match[3];
    const content = quoted ?? match[1] ?? match[4]!;
    const width = content.length + (quoted === undefined ? 0 : 2);
    tokens.push({ text: content, column: pattern.lastIndex - width + 1, quoted: quoted !== undefined });
  }
  return tokens;
}

export function statementError(text: string, column: number, message: string, hint: string): HeldoutError {
  return new HeldoutError({
    code: 'E_STATEMENT',
    message,
    place: `statement "${text}", column ${column}`,
    hints: [hint],
  });
}
