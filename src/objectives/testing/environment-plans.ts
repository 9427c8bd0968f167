import type { NamedArrays } from '../../engine/engine.js';
import { drawn } from '../environments/draws.js';
import { batchLabels } from './algorithms.js';
import { type Draws, type Plan, renamed, rows, type Scalars, vector } from './plan.js';

const late = { anneal: 3 };
const weighed = ({ loss, penalty }: Scalars) => loss! + penalty!;
const matched: Plan = { loss: weighed };
const cut: Plan = {
  ...matched,
  draws: (draws) => ({ [drawn.cut]: vector(Float32Array.from(draws.cut as number[])) }),
};
const contrastive: Plan = { objective: { strength: 0.1, temperature: 0.1 } };

/** How algorithms with a loss that compares environments are trained, by name and variant. */
export const environmentPlans: Readonly<Record<string, Plan>> = {
  erm: { objective: { name: 'cross_entropy' } },
  irm: { objective: late },
  'irm, squared': { objective: { ...late, estimator: 'whole', rescale: true } },
  vrex: { objective: late },
  group_dro: { state: { q: 'objective/environment-weights' } },
  sd: { loss: ({ loss, penalty }) => loss! + 0.1 * penalty! },
  coral: matched,
  mmd: matched,
  causirl_coral: cut,
  causirl_mmd: cut,
  ib_erm: { objective: late },
  ib_irm: { objective: { ...late, bottleneck_anneal: 3 } },
  'ib_irm, two_anneals': { objective: { anneal: 2, bottleneck_anneal: 4 } },
  fishr: { objective: late, state: { variance: 'objective/gradient-variances' } },
  'eqrm, faithful': { objective: { ...late, late_learning_rate: 1e-3, gradient: 'bracket' } },
  'eqrm, corrected': { objective: { ...late, late_learning_rate: 1e-3 } },
  rdm: { objective: { ...late, late_learning_rate: 1e-3 } },
  mixup: {
    draws: (draws) => ({
      [drawn.order]: vector(Int32Array.from(draws.order as number[])),
      [drawn.share]: vector(Float32Array.from(draws.lambda as number[])),
    }),
  },
  rsc: { objective: { feature_drop: 0.3, batch_drop: 1 / 3 } },
  'mtl, faithful': {
    objective: { noise: true },
    translate: divideReadOut,
    draws: (draws) => ({ [drawn.noise]: rows((draws.noise as number[][][]).flat()) }),
    state: { embeddings: 'objective/embeddings' },
  },
  'mtl, corrected': { translate: divideReadOut, state: { embeddings: 'objective/embeddings' } },
  cad: contrastive,
  cond_cad: contrastive,
  'self_reg, faithful': {
    objective: { train_projection: false },
    translate: renamed((name) => name.replace(/^projection/, 'objective/projection')),
    draws: partners,
  },
  'self_reg, corrected': { draws: partners },
};

/** A read-out of features and embedding, one above the other, as two kernels. */
function divideReadOut({ 'read-out/kernel': both, ...rest }: NamedArrays): NamedArrays {
  const [rows, columns] = both!.shape as [number, number];
  const shape = [rows / 2, columns];
  const half = both!.data.length / 2;
  return {
    ...rest,
    'read-out/kernel': { shape, data: both!.data.slice(0, half) },
    'embedding/kernel': { shape, data: both!.data.slice(half) },
  };
}

/** The lots by which the rows, once sorted by class, have the partners that a permutation gives them. */
function partners(draws: Draws, t: number): NamedArrays {
  const labels = batchLabels(t);
  const sorted = [...labels.keys()].sort((a, b) => labels[a]! - labels[b]! || a - b);
  const lots = (chosen: readonly number[]) => {
    const found = new Float32Array(chosen.length);
    for (const [place, partner] of chosen.entries()) found[sorted[partner]!] = place / chosen.length;
    return vector(found);
  };
  return {
    [drawn.first]: lots(draws.first as number[]),
    [drawn.second]: lots(draws.second as number[]),
    [drawn.share]: vector(Float32Array.of(draws.lambda as number)),
  };
}
