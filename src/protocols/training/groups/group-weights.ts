/**
 * Weights under which group and class are independent: P(a) P(y) / P(a, y), by how often they occur among some examples
 * (Kamiran & Calders 2012). They average to 1 over these, unless a group lacks a class. Examples of pairs that do not
 * occur have weight 0.
 * @param group Level index of every example of the table; likewise `target`.
 */
export function weighGroups(group: Uint16Array, target: Uint16Array, examples: Uint32Array): Float32Array {
  const count = (keyOf: (example: number) => string | number) => {
    const counts = new Map<string | number, number>();
    for (const example of examples) counts.set(keyOf(example), (counts.get(keyOf(example)) ?? 0) + 1);
    return counts;
  };
  const pairOf = (example: number) => `${group[example]} ${target[example]}`;
  const [ofGroup, ofTarget, ofPair] = [
    count((example) => group[example]!),
    count((example) => target[example]!),
    count(pairOf),
  ];
  return Float32Array.from(group, (_, example) => {
    const pair = ofPair.get(pairOf(example));
    if (pair === undefined) return 0;
    const expected = (ofGroup.get(group[example]!)! * ofTarget.get(target[example]!)!) / examples.length;
    return expected / pair;
  });
}
