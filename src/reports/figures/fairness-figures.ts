import { gapOfLabels, listSeeds, strongestArm } from '../../analysis/fairness/study/arms.js';
import { testEquivalence } from '../../analysis/fairness/study/equivalence.js';
import { type ProbeAccuracies, traceAwareness } from '../../analysis/fairness/study/pictures/awareness.js';
import { summarizeCurves } from '../../analysis/fairness/study/pictures/curves.js';
import { binGroupHead } from '../../analysis/fairness/study/pictures/group-head.js';
import { samplePlane } from '../../analysis/fairness/study/pictures/plane.js';
import { traceTradeOffs } from '../../analysis/fairness/study/trade-offs/trade-offs.js';
import { fileSuffixes } from '../../analysis/file-names.js';
import { probeMetrics } from '../../evaluation/probes/rows.js';
import { drawAccuracyAgainstGap, drawnMethods } from '../../figures/fairness/accuracy-against-gap.js';
import { drawAgreementAndRecovery } from '../../figures/fairness/agreement-and-recovery.js';
import { drawAwarenessAgainstGap } from '../../figures/fairness/awareness-against-gap.js';
import { drawGroupHeadHistogram } from '../../figures/fairness/group-head-histogram.js';
import { drawTwoHeadsPlane } from '../../figures/fairness/two-heads-plane.js';
import type { Figure } from '../../figures/figure.js';
import { renderSvg } from '../../figures/render.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import { describeArm, isOfTwo, protectedOf, type StudyOfTwo } from '../records/study-fairness.js';
import type { FigureInputs } from './figure-inputs.js';

/** A figure of the two groups of one dataset and split; undefined where nothing that it shows was run. */
type Describe = (study: StudyOfTwo, inputs: FigureInputs) => Figure | undefined;

const figures = {
  'awareness-against-gap'(study, { study: { records } }) {
    const { arms } = study;
    const probed = new Map(
      records.map(({ run, rows }) => {
        const own = rows.filter(
          ({ set, metric, group }) =>
            set === 'test' && metric === probeMetrics.accuracy && group.protected === study.protected,
        );
        return [run, Object.fromEntries(own.map(({ group, value }) => [group.probe, value]))];
      }),
    );
    const probesOf = (run: string): ProbeAccuracies | undefined => probed.get(run);
    const awareness = traceAwareness(arms, probesOf);
    const words = { names: study, seeds: listSeeds(arms), labels: gapOfLabels(arms) };
    return awareness && drawAwarenessAgainstGap({ ...awareness, ...words });
  },
  'accuracy-against-gap'(study) {
    const { arms } = study;
    const curves = summarizeCurves(traceTradeOffs(arms), drawnMethods);
    if (curves.curves.length === 0) return undefined;
    const words = { names: study, seeds: listSeeds(arms), labels: gapOfLabels(arms) };
    return drawAccuracyAgainstGap({ ...curves, ...words });
  },
  'two-heads-plane'(study) {
    const plane = samplePlane(study.arms);
    return plane && drawTwoHeadsPlane({ ...plane, names: study });
  },
  'agreement-and-recovery'({ arms }) {
    const fair = strongestArm(arms);
    const [equivalence] = testEquivalence(arms.filter((arm) => arm.kind !== 'regularised' || arm === fair));
    return equivalence && drawAgreementAndRecovery({ equivalence, seeds: listSeeds(arms) });
  },
  'group-head-histogram'(study) {
    const heads = binGroupHead(study.arms);
    return heads && drawGroupHeadHistogram({ ...heads, names: study });
  },
} as const satisfies Readonly<Record<string, Describe>>;

export type FairnessFigureName = keyof typeof figures;

/** They search and fit on predictions: drawn where they are asked for. */
export const fairnessFigures = Object.keys(figures) as readonly FairnessFigureName[];

/** Draws a figure of the people of one dataset: one for each split. */
export async function drawFairness(
  name: FairnessFigureName,
  inputs: FigureInputs,
  jobs: readonly PlannedJob[],
): Promise<readonly (readonly [suffix: string, svg: string])[]> {
  const datasets = new Set(jobs.map(({ labels }) => labels.dataset));
  const studies = (await inputs.study.fairness())
    .filter(({ dataset }) => datasets.has(dataset))
    .filter(isOfTwo);
  const suffixes = fileSuffixes(studies.map(({ split }) => split));
  const drawn: (readonly [string, string])[] = [];
  for (const study of studies) {
    const figure = figures[name](study, inputs);
    if (figure !== undefined) drawn.push([suffixes.get(study.split)!, await renderSvg(figure)]);
  }
  return drawn;
}

/** What a study would have to train for a figure, or for all of it; undefined where nothing is lacking. */
export function lackingOfFairness(name: FairnessFigureName, { study }: FigureInputs): string | undefined {
  const found = study.jobs.flatMap((job) => (protectedOf(job) === undefined ? [] : (describeArm(job) ?? [])));
  if (found.length === 0)
    return 'no run of this study names a protected variable (+evaluation.protected=[sex]) and trains with an objective that is compared (objective=fair)';
  if (!hasSet(study.records, 'validation'))
    return 'no run of this study has a set validation, on which all is chosen (split=stratified)';
  const has = (kind: string) => found.some((arm) => arm.kind === kind && !arm.shuffled);
  const lacks = {
    heads: has('two_heads') ? [] : ['two heads (objective=two_heads)'],
    fair: has('regularised') ? [] : ['a regulariser (objective=fair objective.strength=10)'],
    probes: hasProbes(study.records) ? [] : ['probes (evaluation/probes=default)'],
  };
  const needs: Readonly<Record<FairnessFigureName, readonly (keyof typeof lacks)[]>> = {
    'awareness-against-gap': ['fair', 'probes'],
    'accuracy-against-gap': ['fair', 'heads'],
    'two-heads-plane': ['fair', 'heads'],
    'agreement-and-recovery': ['fair', 'heads'],
    'group-head-histogram': ['heads'],
  };
  const missing = needs[name].flatMap((need) => lacks[need]);
  return missing.length === 0 ? undefined : `no run of this study has ${missing.join(', nor ')}`;
}

function hasSet(records: FigureInputs['study']['records'], name: string): boolean {
  return records.some(({ rows }) => rows.some(({ set }) => set === name));
}

function hasProbes(records: FigureInputs['study']['records']): boolean {
  return records.some(({ rows }) => rows.some(({ metric }) => metric === probeMetrics.accuracy));
}
