import { HeldoutError, HeldoutErrors } from '../core/errors.js';

/** Several errors as one to throw: those of files first, as they come, then what was typed, word by word. */
export function together(errors: readonly HeldoutError[]): HeldoutError {
  const sorted = errors.toSorted((a, b) => argumentOf(a) - argumentOf(b));
  return sorted.length === 1 ? sorted[0]! : new HeldoutErrors(sorted);
}

/** The number in the place that `formatPlace` gives an argument; 0 for another place. */
function argumentOf({ place }: HeldoutError): number {
  return Number(/^command line, argument (\d+)$/.exec(place ?? '')?.[1] ?? 0);
}

/** Does something with each item, also after one of them failed, and throws all errors at once. */
export function mapTogether<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Result,
): readonly Result[] {
  const errors: HeldoutError[] = [];
  const results = items.flatMap((item) => {
    try {
      return [act(item)];
    } catch (error) {
      if (!(error instanceof HeldoutError)) throw error;
      errors.push(...(error instanceof HeldoutErrors ? error.errors : [error]));
      return [];
    }
  });
  if (errors.length > 0) throw together(errors);
  return results;
}
