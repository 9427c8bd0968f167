import { readNumber } from './look.js';

/**
 * Level codes in the order in which a variable has them: those of `first` as they stand there, then numbers by their
 * size, or words by their letters.
 */
export function orderLevels(
  levels: readonly string[],
  codes: readonly number[],
  first: readonly string[] = [],
): readonly number[] {
  const numbers = codes.map((code) => readNumber(levels[code]!));
  const numeric = numbers.every((value) => value !== undefined);
  const size = new Map(codes.map((code, at) => [code, numbers[at] ?? 0]));
  const rank = (code: number): number => {
    const at = first.indexOf(levels[code]!);
    return at === -1 ? first.length : at;
  };
  return codes.toSorted((a, b) => {
    const [one, other] = [levels[a]!, levels[b]!];
    return (
      rank(a) - rank(b) ||
      (numeric ? size.get(a)! - size.get(b)! : 0) ||
      (one < other ? -1 : one > other ? 1 : 0)
    );
  });
}
