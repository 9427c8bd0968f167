import { type FairArm, gapOfLabels, listSeeds } from '../../analysis/fairness/study/arms.js';
import { testEquivalence } from '../../analysis/fairness/study/equivalence.js';
import { type ProbeAccuracies, traceAwareness } from '../../analysis/fairness/study/pictures/awareness.js';
import { summarizeCurves } from '../../analysis/fairness/study/pictures/curves.js';
import { binGroupHead } from '../../analysis/fairness/study/pictures/group-head.js';
import { samplePlane } from '../../analysis/fairness/study/pictures/plane.js';
import { traceTradeOffs } from '../../analysis/fairness/study/trade-offs/trade-offs.js';
import { makeArms } from '../../analysis/fairness/testing/arms.js';
import { drawAccuracyAgainstGap, drawnMethods } from '../fairness/accuracy-against-gap.js';
import { drawAgreementAndRecovery } from '../fairness/agreement-and-recovery.js';
import { drawAwarenessAgainstGap } from '../fairness/awareness-against-gap.js';
import { drawGroupHeadHistogram } from '../fairness/group-head-histogram.js';
import { drawTwoHeadsPlane } from '../fairness/two-heads-plane.js';
import type { PeopleNames } from '../fairness/words.js';
import type { Figure } from '../figure.js';

const short: PeopleNames = {
  ...{ target: 'income', levels: ['<=50K', '>50K'], protected: 'sex', groups: ['Female', 'Male'] },
};
const long: PeopleNames = {
  target: 'two_year_recidivism',
  levels: ['is not', 'is charged again within two years'],
  protected: 'country_of_birth_of_parents',
  groups: ['the country itself', 'countries outside the European Union'],
};
const probes: ProbeAccuracies = {
  ...{ logistic: 0.7, majority: 0.55, 'random-initialisation': 0.6, 'raw-inputs': 0.65 },
};

const trained = makeArms({ size: 300, holds: { 1: 0.4, 5: 1, 10: 1.5 } });
const [, weak] = trained;
/** With every kind of arm; reductions take what weakly regularised nets decided. */
const people: readonly FairArm[] = [...trained, { ...weak!, kind: 'reductions', strength: 0.05 }];
const oneSeed = makeArms({ size: 300, seeds: [1] });
const fairOnly = oneSeed.filter(({ kind }) => kind === 'regularised');

const wordsOf = (arms: readonly FairArm[], names: PeopleNames) => ({
  ...{ names, seeds: listSeeds(arms), labels: gapOfLabels(arms) },
});
const drawTradeOffs = (arms: readonly FairArm[], names: PeopleNames) =>
  drawAccuracyAgainstGap({
    ...summarizeCurves(traceTradeOffs(arms), drawnMethods),
    ...wordsOf(arms, names),
  });
const drawAwareness = (arms: readonly FairArm[], names: PeopleNames) =>
  drawAwarenessAgainstGap({ ...traceAwareness(arms, () => probes)!, ...wordsOf(arms, names) });
const drawEquivalence = (arms: readonly FairArm[]) =>
  drawAgreementAndRecovery({ equivalence: testEquivalence(arms).at(-1)!, seeds: listSeeds(arms) });
/** As if a probe of the fair net told groups as well as the second head. */
const drawProbedEquivalence = (arms: readonly FairArm[]) => {
  const found = testEquivalence(arms).at(-1)!;
  const recovery = { ...found.recovery, withProbe: found.recovery.withHead };
  return drawAgreementAndRecovery({ equivalence: { ...found, recovery }, seeds: listSeeds(arms) });
};

/** Figures of made-up studies: one with everything, and ones that lack what can be lacking, with long names. */
export const fairnessSamples: Readonly<Record<string, () => Figure>> = {
  'accuracy against gap': () => drawTradeOffs(people, short),
  'accuracy against gap, fair nets alone': () => drawTradeOffs(fairOnly, long),
  'awareness against gap': () => drawAwareness(people, short),
  'awareness against gap, one net': () => drawAwareness(oneSeed.slice(0, 1), long),
  'plane of two heads': () => drawTwoHeadsPlane({ ...samplePlane(people)!, names: long }),
  'agreement and recovery': () => drawProbedEquivalence(people),
  'agreement and recovery, one seed': () => drawEquivalence(oneSeed),
  'histogram of the group head': () => drawGroupHeadHistogram({ ...binGroupHead(people)!, names: short }),
  'histogram of the group head, one seed': () =>
    drawGroupHeadHistogram({ ...binGroupHead(oneSeed)!, names: long }),
};
