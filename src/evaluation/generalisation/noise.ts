/** Share of the examples that noise is to cost. */
export const costOfNoise = 0.1;

/**
 * The largest standard deviation of noise on the weights that costs at most a tenth of the examples: the flatness of
 * PAC-Bayesian bounds as measured by Jiang et al. (2020) and Dziugaite et al. (2020). Looked for by bisection of its
 * logarithm between 1e-5 and 10, to a hundredth.
 * @param costAt By how much noise of a deviation raises the share of wrong answers, in expectation.
 */
export async function findNoise(costAt: (deviation: number) => Promise<number>): Promise<number> {
  let [low, high] = [Math.log(1e-5), Math.log(10)];
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if ((await costAt(Math.exp(middle))) > costOfNoise) high = middle;
    else low = middle;
  }
  return Math.exp((low + high) / 2);
}
