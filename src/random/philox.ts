const rounds = 10;
/** Odd numbers of Salmon et al. (2011): what the words are multiplied by, and what the key grows by. */
const factorA = 0xd2511f53;
const factorB = 0xcd9e8d57;
const growthA = 0x9e3779b9;
const growthB = 0xbb67ae85;

/**
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): replaces the four words of a
 * counter, at `at`, by four random words that depend on it and on the key alone.
 */
export function philox(words: Uint32Array, at: number, keyA: number, keyB: number): void {
  let [a, b, c, d] = [words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!];
  let [growingA, growingB] = [keyA, keyB];
  for (let round = 0; round < rounds; round++) {
    const highA = highWord(factorA, a);
    const highB = highWord(factorB, c);
    const lowA = Math.imul(factorA, a);
    const lowB = Math.imul(factorB, c);
    a = highB ^ b ^ growingA;
    b = lowB;
    c = highA ^ d ^ growingB;
    d = lowA;
    growingA = (growingA + growthA) | 0;
    growingB = (growingB + growthB) | 0;
  }
  words[at] = a;
  words[at + 1] = b;
  words[at + 2] = c;
  words[at + 3] = d;
}

/** The upper 32 bits of a product of two words. */
function highWord(x: number, y: number): number {
  const [xLow, xHigh, yLow, yHigh] = [x & 0xffff, x >>> 16, y & 0xffff, y >>> 16];
  const middle = xHigh * yLow + ((xLow * yLow) >>> 16);
  const carried = xLow * yHigh + (middle & 0xffff);
  // Both middle sums are below 2^32, which keeps every number exact.
  return (xHigh * yHigh + Math.floor(middle / 0x10000) + Math.floor(carried / 0x10000)) | 0;
}

/**
 * `count` words that depend on two int32 seeds alone, to the bit those of TensorFlow's stateless ops: key and
 * first counter are drawn from the seeds, then counters follow each other.
 */
export function statelessWords(seedA: number, seedB: number, count: number): Uint32Array {
  // Seeds are extended to 64 bits with their sign.
  const mixed = Uint32Array.of(seedA, seedA >> 31, seedB, seedB >> 31);
  philox(mixed, 0, 0x3ec8f720, 0x02461e29);
  const [keyA, keyB, counterC, counterD] = mixed as unknown as [number, number, number, number];
  const words = new Uint32Array(4 * Math.ceil(count / 4));
  for (let block = 0; 4 * block < words.length; block++) {
    const at = 4 * block;
    words[at] = block;
    words[at + 2] = counterC;
    words[at + 3] = counterD;
    philox(words, at, keyA, keyB);
  }
  return words.subarray(0, count);
}

/** Uniform in [0, 1), on multiples of 2^−23, from the lower bits of each word: as TensorFlow makes them. */
export function statelessUniform(seedA: number, seedB: number, count: number): Float32Array {
  const words = statelessWords(seedA, seedB, count);
  for (let index = 0; index < count; index++) words[index] = (words[index]! & 0x7fffff) | 0x3f800000;
  const numbers = new Float32Array(words.buffer, words.byteOffset, count);
  for (let index = 0; index < count; index++) numbers[index]! -= 1;
  return numbers;
}
