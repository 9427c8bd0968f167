import type { NamedArray, NamedArrays } from '../../engine/engine.js';
import { drawn } from '../environments/draws.js';
import type { ObjectiveConfig } from '../traits.js';
import { type AlgorithmCase, batchLabels } from './algorithms.js';

type Scalars = Readonly<Record<string, number>>;
type Draws = Readonly<Record<string, unknown>>;

/** How a case of the reference numbers is trained here. */
export interface Plan {
  /** Its `objective` section, beside the name. */
  readonly options?: object;
  /** Where the objective has another name than the case. */
  readonly objective?: ObjectiveConfig['name'];
  /** Of an update's scalars, what the step minimises; `loss` unless told. */
  loss?(scalars: Scalars, update: number): number;
  /** The reference's arrays by our names and in our shapes; they keep their names unless told. */
  translate?(arrays: NamedArrays): NamedArrays;
  /** Random numbers of update `t`, from 0. */
  draws?(draws: Draws, t: number): NamedArrays;
  /** Our name of the state, by the reference's. */
  readonly state?: Readonly<Record<string, string>>;
}

const late = { anneal: 3 };
const weighed = ({ loss, penalty }: Scalars) => loss! + penalty!;
const matched: Plan = { loss: weighed };
const cut: Plan = {
  ...matched,
  draws: (draws) => ({ [drawn.cut]: vector(Float32Array.from(draws.cut as number[])) }),
};
const contrastive: Plan = { options: { strength: 0.1, temperature: 0.1 } };

/** By name and variant. */
export const plans: Readonly<Record<string, Plan>> = {
  erm: { objective: 'cross_entropy' },
  irm: { options: late },
  'irm, squared': { options: { ...late, estimator: 'whole', rescale: true } },
  vrex: { options: late },
  group_dro: { state: { q: 'objective/environment-weights' } },
  sd: { loss: ({ loss, penalty }) => loss! + 0.1 * penalty! },
  coral: matched,
  mmd: matched,
  causirl_coral: cut,
  causirl_mmd: cut,
  ib_erm: { options: late },
  ib_irm: { options: { ...late, bottleneck_anneal: 3 } },
  'ib_irm, two_anneals': { options: { anneal: 2, bottleneck_anneal: 4 } },
  fishr: { options: late, state: { variance: 'objective/gradient-variances' } },
  'eqrm, faithful': { options: { ...late, late_learning_rate: 1e-3, gradient: 'bracket' } },
  'eqrm, corrected': { options: { ...late, late_learning_rate: 1e-3 } },
  rdm: { options: { ...late, late_learning_rate: 1e-3 } },
  mixup: {
    draws: (draws) => ({
      [drawn.order]: vector(Int32Array.from(draws.order as number[])),
      [drawn.share]: vector(Float32Array.from(draws.lambda as number[])),
    }),
  },
  rsc: { options: { feature_drop: 0.3, batch_drop: 1 / 3 } },
  'mtl, faithful': {
    options: { noise: true },
    translate: divideReadOut,
    draws: (draws) => {
      const data = Float32Array.from((draws.noise as number[][][]).flat(2));
      return { [drawn.noise]: { shape: [24, 4], data } };
    },
    state: { embeddings: 'objective/embeddings' },
  },
  'mtl, corrected': { translate: divideReadOut, state: { embeddings: 'objective/embeddings' } },
  cad: contrastive,
  cond_cad: contrastive,
  'self_reg, faithful': {
    options: { train_projection: false },
    translate: (arrays) => rename(arrays, 'objective/'),
    draws: partners,
  },
  'self_reg, corrected': { translate: (arrays) => rename(arrays, 'parts/'), draws: partners },
};

export function planOf({ name, variant }: AlgorithmCase): Plan | undefined {
  return plans[variant === undefined ? name : `${name}, ${variant}`];
}

/** A read-out of features and embedding, one above the other, as two kernels. */
function divideReadOut({ 'read-out/kernel': both, ...rest }: NamedArrays): NamedArrays {
  const [rows, columns] = both!.shape as [number, number];
  const shape = [rows / 2, columns];
  const half = both!.data.length / 2;
  return {
    ...rest,
    'read-out/kernel': { shape, data: both!.data.slice(0, half) },
    'parts/embedding/kernel': { shape, data: both!.data.slice(half) },
  };
}

function rename(arrays: NamedArrays, prefix: string): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [
      name.startsWith('projection/') ? `${prefix}${name}` : name,
      array,
    ]),
  );
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

function vector(data: Float32Array | Int32Array): NamedArray {
  return { shape: [data.length], data };
}
