import { choose } from '../../../../random/draw.js';
import { stream } from '../../../../random/stream.js';
import { decideAbove, type HeadRule } from '../../decisions.js';
import { approximateFair } from '../../equivalence/approximation.js';
import { armsOf, type FairArm, headsOf, joinSets, pairRuns, seedsOf, strongestArm } from '../arms.js';

/** Where a fair net's decisions lie in the plane of the two heads of another net, at test. */
export interface HeadsPlane {
  /** Of the fair net's regulariser. */
  readonly strength: number;
  readonly seed: string;
  /** A sample of the people: outputs of the group head less its threshold, and logits, `[sample]`. */
  readonly g: Float64Array;
  readonly f: Float64Array;
  /** Group, and the fair net's decision: 0 or 1, `[sample]`. */
  readonly a: Uint8Array;
  readonly positive: Uint8Array;
  /** All people of the set. */
  readonly people: number;
  /** The rule f + b g + c > 0 that was fitted on validation; undefined where f has no weight, or works against the net. */
  readonly line: HeadRule | undefined;
  /** Share of all people whom the line decides about as the fair net does. */
  readonly agreement: number;
}

/**
 * The plane for the strongest fair net that was trained twice, of the first seed that also has two heads, with at most
 * `most` people: a random sample, the same every time. Undefined where no fair net or no two-headed one is there.
 */
export function samplePlane(arms: readonly FairArm[], most = 2000): HeadsPlane | undefined {
  const arm = strongestArm(arms);
  if (arm === undefined) return undefined;
  const twoHeads = armsOf(arms, 'two_heads').flatMap(({ runs }) => runs);
  const [pair] = pairRuns(seedsOf(arms, arm), twoHeads);
  if (pair === undefined) return undefined;
  const [fair, heads] = pair;
  const { bothHeads, rule } = approximateFair(
    joinSets(fair, heads, 'validation'),
    joinSets(fair, heads, 'test'),
  );
  const { people } = fair.test;
  const rows = choose(stream(0, 'plane'), people.count, Math.min(most, people.count)).sort();
  const { f, g } = headsOf(heads.test);
  const decisions = decideAbove(fair.test.f);
  return {
    ...{ strength: arm.strength, seed: fair.seed, people: people.count, line: rule },
    agreement: bothHeads.share,
    g: Float64Array.from(rows, (row) => g[row]!),
    f: Float64Array.from(rows, (row) => f[row]!),
    a: Uint8Array.from(rows, (row) => people.a[row]!),
    positive: Uint8Array.from(rows, (row) => decisions[row]!),
  };
}
