/**
 * What each example counts for so that target and group are independent (Kamiran & Calders 2012): how many of its group and
 * class there would then be, over how many there are. Weights sum to the number of examples
 * where every group has every class.
 */
export function reweigh(target: Uint8Array, groups: Uint16Array): Float64Array {
  const perClass = new Map<number, number>();
  const perGroup = new Map<number, number>();
  const perCell = new Map<string, number>();
  const add = <Key>(counts: Map<Key, number>, key: Key) => counts.set(key, (counts.get(key) ?? 0) + 1);
  const cellOf = (at: number) => `${groups[at]} ${target[at]}`;
  for (let at = 0; at < target.length; at++) {
    add(perClass, target[at]!);
    add(perGroup, groups[at]!);
    add(perCell, cellOf(at));
  }
  return Float64Array.from(target, (label, at) => {
    const expected = (perClass.get(label)! * perGroup.get(groups[at]!)!) / target.length;
    return expected / perCell.get(cellOf(at))!;
  });
}
