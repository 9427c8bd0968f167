/** How a valley of losses is found. */
export interface ValleyOptions {
  /**
   * `paper`: algorithm 1 of the paper, a look for an iteration. `faithful`: the authors' code, which takes the segment of the
   * optimum twice, leaves the leftmost one out, and repeats segments where fewer than `tolerance` were seen.
   * `corrected`: the valley of that code, each segment once.
   */
  readonly rule: 'corrected' | 'faithful' | 'paper';
  /** Looks of which the first one has the least loss where the valley begins. */
  readonly converge: number;
  /** Looks that all have to be above the threshold for it to end. */
  readonly tolerance: number;
  /** The threshold is the mean loss of the looks that it began with, times 1 + this. */
  readonly ratio: number;
}

/**
 * The segments of a training (the updates between two looks) of which SWAD averages the weights (Cha, Chun, Lee, Cho, Park,
 * Lee & Park, SWAD: Domain Generalization by Seeking Flat Minima, NeurIPS 2021), counted from 0, in the order taken;
 * `faithful` may have some twice. Where no valley begins, the last segment; in the paper all.
 * @param losses Of validation, at the end of each segment; at least one.
 */
export function findValley(losses: readonly number[], options: ValleyOptions): readonly number[] {
  return { corrected: findCorrected, faithful: findFaithful, paper: findPaper }[options.rule](
    losses,
    options,
  );
}

type Find = (losses: readonly number[], options: ValleyOptions) => readonly number[];

const findCorrected: Find = (losses, options) => {
  const { converge, tolerance } = options;
  const begun = findBeginning(losses, options);
  if (begun === undefined) return [losses.length - 1];
  const { first, limit } = begun;
  let start = first;
  while (start > Math.max(first - (tolerance - converge), 0) && losses[start - 1]! <= limit) start--;
  let end = first;
  while (end + 1 < losses.length && least(losses.slice(end + 1, end + 1 + tolerance)) <= limit) end++;
  return range(start, end);
};

const findFaithful: Find = (losses, options) => {
  const { converge, tolerance } = options;
  const begun = findBeginning(losses, options);
  if (begun === undefined) return [losses.length - 1];
  const { first, limit } = begun;
  const seen = first + converge;
  const window = (end: number) => range(Math.max(0, end - tolerance), end - 1);
  const before = window(seen).slice(0, tolerance - converge + 1);
  const above = before.findLastIndex((segment) => losses[segment]! > limit);
  const taken = before.slice(Math.max(above, -1) + 2);
  for (let end = seen + 1; end <= losses.length; end++) {
    const [oldest, ...rest] = window(end);
    if (oldest! < first) continue;
    if (least([oldest!, ...rest].map((segment) => losses[segment]!)) > limit) {
      return taken.length === 0 ? [first] : taken;
    }
    taken.push(oldest!);
  }
  let rest = window(losses.length).slice(1);
  while (rest.length > 0 && least(rest.map((segment) => losses[segment]!)) <= limit) {
    taken.push(rest[0]!);
    rest = rest.slice(1);
  }
  return taken.length === 0 ? [first] : taken;
};

const findPaper: Find = (losses, options) => {
  const { converge, tolerance } = options;
  const begun = findBeginning(losses, options);
  if (begun === undefined) return range(0, losses.length - 1);
  for (let at = begun.first + converge; at < losses.length; at++) {
    const window = losses.slice(Math.max(at - tolerance + 1, 0), at + 1);
    if (begun.limit < least(window)) return range(begun.first, at - tolerance);
  }
  return range(begun.first, losses.length - 1);
};

/** The first segment whose loss no one has of the next ones, and the threshold. */
function findBeginning(losses: readonly number[], { converge, ratio }: ValleyOptions) {
  for (let first = 0; first + converge <= losses.length; first++) {
    const window = losses.slice(first, first + converge);
    if (window[0] !== least(window)) continue;
    const mean = window.reduce((sum, loss) => sum + loss, 0) / converge;
    return { first, limit: mean * (1 + ratio) };
  }
  return undefined;
}

function least(values: readonly number[]): number {
  return Math.min(...values);
}

/** Whole numbers from the first to the last one, both included. */
function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
}
