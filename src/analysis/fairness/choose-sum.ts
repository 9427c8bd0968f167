import { HeldoutError } from '../../core/errors.js';
import { countUp, shuffle } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import { chooseRows, searchCertified } from './bounds/certified-search.js';
import type { Criterion } from './criteria.js';
import type { People } from './people.js';
import type { GroupHeadRule, GroupHeadScores } from './search/group-rules.js';
import { searchHeads } from './search/search.js';
import { searchGroupHeads } from './search/search-groups.js';

/** What a sum of heads is to keep to. */
export interface SumRequest {
  /** The largest gap, at least 0. */
  readonly within: number;
  readonly criterion: Criterion;
  /** Confidence in (0, 1) with which the gap is to hold in the population; absent: among these people. */
  readonly certify?: number;
  /** Draws the half of the people that certifies. */
  readonly seed: number;
}

/** A sum of heads, and what it comes to on the people that it was chosen on. */
export interface ChosenSum {
  readonly rule: GroupHeadRule;
  readonly accuracy: number;
  readonly size: number;
  readonly people: number;
  /** Of a certified one: what was found on the other people. What holds with the confidence is the gap asked for. */
  readonly certificate?: { readonly observed: number; readonly bound: number; readonly people: number };
}

/**
 * Chooses f − Σ t_k g_k + c > 0 for the most right decisions within a gap: of one group head as `searchHeads` does, without
 * the rules that decide alike about everybody; of one for each group as `searchGroupHeads`. With `certify`, a random half
 * of the people chooses and the other half certifies, as `searchCertified` does.
 *
 * @throws HeldoutError `E_MERGE_SLACK` where no rule is so fair; it names the fairest. `E_MERGE_UNCERTIFIED` where these
 * people are too few, or the heads too unfair; it says how many it takes. `E_MERGE_GROUPS` for `certify` with more heads.
 */
export function chooseSum(heads: GroupHeadScores, people: People, request: SumRequest): ChosenSum {
  const [g, ...others] = heads.g;
  if (g === undefined) throw new RangeError('there is no group head');
  if (others.length > 0) return chooseOfSeveral(heads, people, request);
  const pair = { f: heads.f, g };
  if (request.certify !== undefined) return certify(pair, people, request, request.certify);
  const { within, criterion } = request;
  const [choice] = searchHeads(pair, people, { criterion, slacks: [within], constants: false }).choices;
  if (!choice!.met) throw refuseSlack(within, choice!.nearest);
  const { b, c, accuracy, size } = choice!.point;
  return { rule: { t: [-b], c }, accuracy, size, people: people.count };
}

function chooseOfSeveral(
  heads: GroupHeadScores,
  people: People,
  { within, criterion, certify: confidence }: SumRequest,
): ChosenSum {
  if (confidence !== undefined) {
    throw new HeldoutError({
      code: 'E_MERGE_GROUPS',
      message: `a sum of heads for ${people.groups} groups cannot be certified: bounds are for two groups`,
      place: 'certify',
      hints: [
        'leave certify out',
        'train with dataset.protected_positive=LEVEL: that level against the rest',
      ],
    });
  }
  const { met, point } = searchGroupHeads(heads, people, within, { criterion });
  if (!met) throw refuseSlack(within, point);
  const { t, c, accuracy, size } = point;
  return { rule: { t, c }, accuracy, size, people: people.count };
}

function certify(
  heads: { readonly f: Float64Array; readonly g: Float64Array },
  people: People,
  { within, criterion, seed }: SumRequest,
  confidence: number,
): ChosenSum {
  const order = shuffle(stream(seed, 'merge', 'certify'), countUp(people.count));
  const half = Math.floor(people.count / 2);
  const all = { heads, people };
  const [choosing, certifying] = [chooseRows(all, order.slice(0, half)), chooseRows(all, order.slice(half))];
  const found = searchCertified(choosing, certifying, { slack: within, confidence, criterion });
  const { bound, observed } = found.gap;
  const count = certifying.people.count;
  if (!found.certified) {
    const tested = `the fairest sum that was tested has a gap of ${write(observed)} among the ${count} people who certify, and of at most ${write(bound)} in the population`;
    const needed =
      found.needed > count
        ? `; even without any gap it takes about ${found.needed} people who certify, twice that in all`
        : '';
    throw new HeldoutError({
      code: 'E_MERGE_UNCERTIFIED',
      message: `no gap of at most ${within} can be certified with ${100 * confidence} % confidence; ${tested}${needed}`,
      place: 'certify',
      hints: [`ask for less: within=${roundUp(bound)}`, 'give validation more people', 'leave certify out'],
      exitCode: 1,
    });
  }
  const { accuracy, size } = found.fitted;
  return {
    rule: { t: [-found.rule.b], c: found.rule.c },
    ...{ accuracy, size, people: half },
    certificate: { observed, bound, people: count },
  };
}

function refuseSlack(
  within: number,
  nearest: { readonly size: number; readonly accuracy: number } | undefined,
): HeldoutError {
  const found =
    nearest === undefined
      ? 'every rule decides alike about everybody'
      : `the nearest has ${write(nearest.size)}, at accuracy ${nearest.accuracy.toFixed(4)}`;
  return new HeldoutError({
    code: 'E_MERGE_SLACK',
    message: `no sum of the heads that tells people apart has a gap of at most ${within} on validation; ${found}`,
    place: 'within',
    hints: nearest === undefined ? ['train longer'] : [`type within=${roundUp(nearest.size)}`],
    exitCode: 1,
  });
}

function write(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** With few digits, and not below the value. */
function roundUp(value: number): number {
  return Number((Math.ceil(value * 1e4) / 1e4).toFixed(4));
}
