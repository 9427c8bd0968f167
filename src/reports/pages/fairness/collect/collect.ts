import { decideAbove } from '../../../../analysis/fairness/decisions.js';
import { measureMatchedGap } from '../../../../analysis/fairness/individuals/matched-gap.js';
import type { People } from '../../../../analysis/fairness/people.js';
import { armsOf, type FairArm, type FairRun } from '../../../../analysis/fairness/study/arms.js';
import { testEquivalence } from '../../../../analysis/fairness/study/equivalence.js';
import { methods, type TradeOffPoint } from '../../../../analysis/fairness/study/trade-offs/methods.js';
import { traceTradeOffs } from '../../../../analysis/fairness/study/trade-offs/trade-offs.js';
import { traceWays } from '../../../../analysis/fairness/study/ways.js';
import type { FairnessStudy } from '../../../records/study-fairness.js';
import type { ByGroup, GroupSize, PageData, PagePoint } from '../page-data.js';
import { noteOnTarget } from '../target-notes.js';
import { collectWay } from './collect-ways.js';
import { intervalOf } from './rounding.js';

/** People listed for one setting and seed, and for all of them, at most: what keeps the page small. */
const [mostListed, mostInAll] = [500, 60_000];

export interface PageTitle {
  readonly title: string;
  readonly study: string;
}

/** What the page of a study shows; undefined where no net has two heads, and none that is regularised has a free twin. */
export function collectPageData(name: PageTitle, found: FairnessStudy): PageData | undefined {
  const { dataset, source, target, levels, protected: variable, groups, arms } = found;
  const ways = traceWays(arms);
  const runs = listRuns(arms);
  const first = runs[0];
  if (ways.length === 0 || first === undefined) return undefined;
  const heads = armsOf(arms, 'two_heads')[0];
  const threshold = heads?.threshold ?? 0;
  const equivalence = testEquivalence(arms);
  const most = Math.min(mostListed, Math.floor(mostInAll / (ways.length * runs.length)));
  const seeds = runs.map(({ seed }) => seed);
  const free = armsOf(arms, 'unconstrained').flatMap((arm) => arm.runs);
  return {
    ...name,
    ...{
      dataset,
      target,
      levels,
      note: noteOnTarget(source),
      protected: variable,
      groups: [groups[0], groups[1]],
    },
    seeds: runs.map(({ seed, validation, test }) => ({
      seed,
      validation: countPeople(validation.people),
      test: countPeople(test.people),
    })),
    methods: collectMethods(traceTradeOffs(arms)),
    labelGap: intervalOf(runs.map(({ test }) => gapOfLabels(test.people)))!,
    blindGap: intervalOf(
      free.flatMap(({ test: { f, people } }) => measureMatchedGap(f, people, decideAbove(f)).gap ?? []),
    ),
    head: heads === undefined ? null : heads.threshold === undefined ? 'logit' : 'number',
    ways: ways.map((way) => {
      const own = equivalence.find(({ strength }) => way.method === 'regularised' && strength === way.value);
      return collectWay(way, own, { seeds, threshold, most });
    }),
  };
}

/** One run for each seed that decisions are looked at for. */
function listRuns(arms: readonly FairArm[]): FairRun[] {
  const runs = [...armsOf(arms, 'two_heads'), ...armsOf(arms, 'unconstrained')].flatMap((arm) => arm.runs);
  return [...new Map(runs.map((run) => [run.seed, run])).values()];
}

function countPeople({ sizes }: People): ByGroup<GroupSize> {
  const of = (group: 0 | 1): GroupSize => ({
    people: sizes[2 * group]! + sizes[2 * group + 1]!,
    positive: sizes[2 * group + 1]!,
  });
  return [of(0), of(1)];
}

function gapOfLabels(people: People): number {
  const [zero, one] = countPeople(people);
  return one.positive / one.people - zero.positive / zero.people;
}

function collectMethods(points: readonly TradeOffPoint[]): PageData['methods'] {
  return methods.flatMap((name) => {
    const own = points.filter(({ method }) => method === name);
    return own.length === 0 ? [] : [{ name, points: own.map(collectPoint) }];
  });
}

function collectPoint({ setting, seeds }: TradeOffPoint): PagePoint {
  const standing = (set: 'validation' | 'test') => ({
    accuracy: intervalOf(seeds.map((seed) => seed[set].accuracy))!,
    ddp: intervalOf(seeds.map((seed) => seed[set].ddp))!,
  });
  return { setting, seeds: seeds.length, validation: standing('validation'), test: standing('test') };
}
