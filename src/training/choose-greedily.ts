/**
 * Which of several to average, as DiWA's restricted weight selection does (Ramé et al., Diverse Weight Averaging for
 * Out-of-Distribution Generalization, NeurIPS 2022; after Wortsman et al., Model soups, ICML 2022): in falling order of their
 * own scores, the best one first, each where the mean does not get worse with it. Places, in that order.
 * @param scoreOf The mean of some, by their places.
 */
export async function chooseGreedily(
  count: number,
  scoreOf: (places: readonly number[]) => Promise<number>,
): Promise<readonly number[]> {
  const own: number[] = [];
  for (let place = 0; place < count; place++) own.push(await scoreOf([place]));
  const order = own.map((_, place) => place).sort((a, b) => own[b]! - own[a]! || a - b);
  let chosen = order.slice(0, 1);
  let best = own[order[0]!]!;
  for (const place of order.slice(1)) {
    const found = await scoreOf([...chosen, place]);
    if (found < best) continue;
    chosen = [...chosen, place];
    best = found;
  }
  return chosen;
}
