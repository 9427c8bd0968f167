import { choosePeople, type People } from '../people.js';
import { decideGroups, type GroupHeadRule, type GroupHeadScores } from '../search/group-rules.js';
import { searchGroupHeads } from '../search/search-groups.js';
import { boundPopulationGap, type PopulationGap, peopleNeeded } from './population-gap.js';

/** Heads of more than two groups, and the people they are about. */
export interface GroupSet {
  readonly heads: GroupHeadScores;
  readonly people: People;
}

/** As `CertifiedSearch`, of a head for each group. */
export type CertifiedGroups =
  | { readonly certified: true; readonly rule: GroupHeadRule; readonly gap: PopulationGap }
  | { readonly certified: false; readonly gap: PopulationGap; readonly needed: number };

/** Shares of the slack that candidates are searched within; a descent each, and the last is not certain to keep its own. */
const shares = [0.25, 0.5, 0.75];

/**
 * Chooses f − Σ t_k g_k + c > 0 on some people and certifies it on others, as `searchCertified` does with two heads: the
 * gap, largest minus smallest rate in the population, is at most the slack with the confidence. Candidates are tested from
 * the fairest until one fails, an order that the second people do not decide; the last that passed is taken. Rules that
 * decide alike about everybody are left out.
 */
export function searchCertifiedGroups(
  choosing: GroupSet,
  certifying: GroupSet,
  slack: number,
  confidence = 0.95,
): CertifiedGroups {
  let [passed, failed]: [CertifiedGroups?, CertifiedGroups?] = [];
  for (const share of shares) {
    const { t, c } = searchGroupHeads(choosing.heads, choosing.people, share * slack).point;
    const decisions = decideGroups(certifying.heads, { t, c });
    const gap = boundPopulationGap(certifying.people, decisions, confidence);
    const needed = () => peopleNeeded(certifying.people, decisions, slack, confidence);
    const useless = decidesAlike(decideGroups(choosing.heads, { t, c }));
    if (useless || !(gap.bound <= slack)) failed = { certified: false, gap, needed: needed() };
    else passed = { certified: true, rule: { t, c }, gap };
    if (failed !== undefined && !useless) break;
  }
  return passed ?? failed!;
}

const decidesAlike = (decisions: Uint8Array) => decisions.every((decision) => decision === decisions[0]);

/** Scores and people of some rows. */
export function chooseGroupRows({ heads: { f, g }, people }: GroupSet, rows: Uint32Array): GroupSet {
  const pick = (scores: Float64Array) => Float64Array.from(rows, (row) => scores[row]!);
  return { heads: { f: pick(f), g: g.map(pick) }, people: choosePeople(people, rows) };
}
