import { decideAbove, type HeadRule, type HeadScores } from '../decisions.js';
import { describePeople } from '../people.js';
import { searchCuts } from '../search/search.js';
import { decideByLine, fitLine } from './line.js';

/** The heads of an independently trained net and the logits of a fair net, about the same people. */
export interface FairAndHeads {
  readonly heads: HeadScores;
  /** Logits of the fair net, whose decisions are > 0. */
  readonly phi: Float64Array;
  /** True group, 0 or 1. */
  readonly a: Uint8Array;
}

/** For each person whether an approximation decides as the fair net does, and the share of those. */
export interface Agreement {
  readonly share: number;
  /** 0 or 1, `[people]`. */
  readonly each: Uint8Array;
}

/** How well a fair net's decisions are approximated, all chosen on one set and measured on another. */
export interface Approximation {
  /** f > 0. */
  readonly raw: Agreement;
  /** The best threshold on f alone. */
  readonly offset: Agreement;
  /** A line through f and the true group. */
  readonly trueGroup: Agreement;
  /** A line through f and g. */
  readonly bothHeads: Agreement;
  /**
   * Weight of g by weight of f. Below 0 where group 1 is advantaged, and the farther the harder the fair net was pushed;
   * undefined where f has no weight.
   */
  readonly ratio: number | undefined;
  /** The line through f and g as a rule; undefined where f has no weight, or works against the fair net. */
  readonly rule: HeadRule | undefined;
}

/**
 * Approximates the decisions of a fair net by those of a two-headed one (claim C1): lines are logistic regressions with a
 * weak ridge and the threshold on f is exact, fitted on `fit` and measured on `test`. The retrain ceiling to compare
 * with is `agreementOf` two fair nets of other seeds.
 */
export function approximateFair(fit: FairAndHeads, test: FairAndHeads, ridge = 1e-4): Approximation {
  const decisions = decideAbove(fit.phi);
  const line = (columnsOf: (set: FairAndHeads) => Float64Array[]) => {
    const model = fitLine(columnsOf(fit), decisions, ridge);
    return { model, agreement: agreementOf(decideByLine(model, columnsOf(test)), decideAbove(test.phi)) };
  };
  const bothHeads = line(({ heads }) => [heads.f, heads.g]);
  const [weightF = 0, weightG = 0] = bothHeads.model.weights;
  return {
    raw: agreementOf(decideAbove(test.heads.f), decideAbove(test.phi)),
    offset: agreementOf(
      decideAbove(test.heads.f, bestThreshold(fit.heads.f, decisions, fit.a)),
      decideAbove(test.phi),
    ),
    trueGroup: line(({ heads, a }) => [heads.f, Float64Array.from(a)]).agreement,
    bothHeads: bothHeads.agreement,
    ratio: weightF === 0 ? undefined : weightG / weightF,
    rule: weightF > 0 ? { b: weightG / weightF, c: bothHeads.model.intercept / weightF } : undefined,
  };
}

/** Where two rules decide alike. */
export function agreementOf(decisions: Uint8Array, others: Uint8Array): Agreement {
  if (decisions.length !== others.length) throw new RangeError('decisions about different people');
  const each = decisions.map((decision, i) => (decision === others[i] ? 1 : 0));
  return { share: each.reduce((sum, same) => sum + same, 0) / each.length, each };
}

/** The threshold on scores that comes closest to some decisions: the most accurate one, with these as labels. */
function bestThreshold(scores: Float64Array, decisions: Uint8Array, a: Uint8Array): number {
  const heads = { f: scores, g: new Float64Array(scores.length) };
  return 0 - searchCuts(heads, describePeople(decisions, a), 0).at(-1)!.c;
}
