/** Whether a word without a dash is an override (`key=value`, `~key`), and no command or operand of one. */
export function isOverride(word: string): boolean {
  return /[=~]/.test(word);
}

/** The overrides among some words, and the operands. */
export function splitWords(words: readonly string[]): {
  readonly overrides: readonly string[];
  readonly operands: readonly string[];
} {
  return { overrides: words.filter(isOverride), operands: words.filter((word) => !isOverride(word)) };
}
