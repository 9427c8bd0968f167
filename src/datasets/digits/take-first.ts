import { HeldoutError } from '../../core/errors.js';

/** The first `count` of what there is, all where it is not given. Throws HeldoutError where there are fewer. */
export function takeFirst<
  Items extends { readonly length: number; subarray(from: number, to: number): Items },
>(items: Items, count: number | null | undefined, key: string): Items {
  if (count == null) return items;
  if (count <= items.length) return items.subarray(0, count);
  throw new HeldoutError({
    code: 'E_DATA_SAMPLE',
    message: `there are ${items.length} examples to take from, not ${count}`,
    place: key,
    hints: [`${key}=${items.length}`, `${key}=null  takes all`],
  });
}
