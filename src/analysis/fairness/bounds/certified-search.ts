import { decide, type HeadRule, type HeadScores } from '../decisions.js';
import { choosePeople, type People } from '../people.js';
import { type SearchOptions, searchHeads } from '../search/search.js';
import type { FrontPoint } from '../search/slack-choice.js';
import { boundPopulationGap, type PopulationGap, peopleNeeded } from './population-gap.js';

/** How a rule is certified. */
export interface CertifyOptions extends Omit<SearchOptions, 'slacks'> {
  /** Largest gap in the population. */
  readonly slack: number;
  /** 0.95 unless given. */
  readonly confidence?: number;
  /** Rules that may be tested, from the fairest, until one fails; 8 unless given. */
  readonly candidates?: number;
}

/** A rule whose population gap is at most the slack, or how far from it these people are. */
export type CertifiedSearch =
  | {
      readonly certified: true;
      readonly rule: HeadRule;
      /** On the half that it was chosen on. */
      readonly fitted: FrontPoint;
      /** On the other half. What holds with the confidence is the slack: one of several bounds was looked at. */
      readonly gap: PopulationGap;
    }
  | {
      readonly certified: false;
      /** The fairest rule that was tested, and what could be said of it. */
      readonly fitted: FrontPoint;
      readonly gap: PopulationGap;
      /** People to certify with, at these shares of groups, if the most accurate candidate had no gap at all. */
      readonly needed: number;
    };

/**
 * Chooses f + b g + c > 0 on some people and certifies it on others: with at least the confidence, its gap in the
 * population is at most the slack. Candidates are the best rules within 1/n, 2/n .. of the slack on the first people;
 * they are tested on the second in that order, fixed before, until one fails, and the last that passed is taken (a fixed
 * sequence of tests, so the risk is not shared among them). A test is the exact bound of `boundPopulationGap`. Rules that
 * decide alike about everybody are left out unless `constants` is true.
 */
export function searchCertified(
  choosing: { readonly heads: HeadScores; readonly people: People },
  certifying: { readonly heads: HeadScores; readonly people: People },
  { slack, confidence = 0.95, candidates = 8, constants = false, ...search }: CertifyOptions,
): CertifiedSearch {
  const slacks = Array.from({ length: candidates }, (_, index) => ((index + 1) / candidates) * slack);
  const { choices, front } = searchHeads(choosing.heads, choosing.people, { ...search, constants, slacks });
  const rules = choices.flatMap((choice) => (choice.met ? [choice.point] : []));
  const criterion = search.criterion ?? 'demographic_parity';
  const test = (rule: HeadRule) =>
    boundPopulationGap(certifying.people, decide(certifying.heads, rule), confidence, criterion);

  let passed: { readonly fitted: FrontPoint; readonly gap: PopulationGap } | undefined;
  for (const fitted of new Set(rules)) {
    const gap = test(fitted);
    if (!(gap.bound <= slack)) break;
    passed = { fitted, gap };
  }
  if (passed !== undefined) return { certified: true, rule: ruleOf(passed.fitted), ...passed };
  const fitted = rules[0] ?? front[0]!;
  const wanted = decide(certifying.heads, rules.at(-1) ?? fitted);
  return {
    certified: false,
    fitted,
    gap: test(fitted),
    needed: peopleNeeded(certifying.people, wanted, slack, confidence, criterion),
  };
}

/** Scores and people of some rows. */
export function chooseRows(
  { heads, people }: { readonly heads: HeadScores; readonly people: People },
  rows: Uint32Array,
): { readonly heads: HeadScores; readonly people: People } {
  const pick = (scores: Float64Array) => Float64Array.from(rows, (row) => scores[row]!);
  return { heads: { f: pick(heads.f), g: pick(heads.g) }, people: choosePeople(people, rows) };
}

function ruleOf({ b, c }: FrontPoint): HeadRule {
  return { b, c };
}
