import { HeldoutError } from '../../core/errors.js';

/** Points at the character of an override that cannot be read. */
export function overrideSyntaxError(
  text: string,
  offset: number,
  message: string,
  hints: readonly string[] = [],
): HeldoutError {
  const shown = text.replaceAll('\t', ' ').replaceAll('\n', ' ');
  return new HeldoutError({
    code: 'E_OVERRIDE_SYNTAX',
    message: `${message}\n  ${shown}\n  ${' '.repeat(Math.min(offset, shown.length))}^`,
    hints,
  });
}
