import {
  abs,
  add,
  addN,
  cast,
  concat,
  div,
  exp,
  lessEqual,
  matMul,
  max,
  mean,
  mul,
  reshape,
  type Scalar,
  slice,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { detached } from '../../../engine/ops/detached.js';
import { denseParameters } from '../../../models/layers/dense.js';
import type { Objective } from '../../objective.js';
import { statePrefix } from '../../own-parameters.js';
import { environmentBatches } from '../environment-batches.js';
import { type EnvironmentHead, exampleLosses, risks } from '../risks.js';
import {
  descend,
  headExcess,
  hessianTimes,
  kernelSlope,
  type LinearHead,
  readHead,
  type Sample,
} from './linear-head.js';

export interface TrmOptions {
  /** DomainBed's two slips: see `createTrm`. */
  readonly slips: boolean;
}

const alpha = `${statePrefix}alpha`;
const headName = (environment: number) => `${statePrefix}head${environment}`;

/** Of each head, in a step. */
const fitting = { steps: 30, rate: 0.1 };
/** Terms of the sum for the inverse of a Hessian beyond the first, and where it is cut off. */
const terms = 10;
const most = 10;

/**
 * Transfer risk minimisation (Xu & Jaakkola, Learning Representations that Support Robust Transfer of Predictors, arXiv
 * 2110.09940, 2021), as in DomainBed. Until it has started (`numbers.started`) it is cross-entropy. From then on heads w_Q
 * of its own take 30 steps of gradient descent on the features of environment Q, which are held; then the loss is
 *
 *     CE + mean_Q [Σ_(i≠Q) α_Qi R_i(w_Q) − `numbers.alignment` v_Q · ∇R_Q(w_Q)],
 *
 * gradients by kernels of heads, v_Q = Σ_(k=0..10) (1 − H_Q)^k ∇ Σ_i α_Qi R_i(w_Q), held, and cut off once an element exceeds
 * 10. Gradients and Hessians of linear heads stand in closed form. The rows of α, 0 on its diagonal, begin equal and
 * sum to 1 in each step; after it α_Qi ← α_Qi exp(`numbers.eta` α_Qi R_i(w_Q)).
 *
 * `slips`: DomainBed changes values in place, so that the sum begins 2 (1 − H) v in place of v + (1 − H) v, and the loss has
 * the value of the old α with the gradient of the new one.
 */
export function createTrm({ slips }: TrmOptions, of: EnvironmentHead, width: number): Objective {
  const { environments, head } = of;
  const places = Array.from({ length: environments }, (_, place) => place);
  const others = places.flatMap((row) => places.map((column) => Number(row !== column)));
  return {
    state: {
      ...Object.assign({}, ...places.map((place) => denseParameters(headName(place), width, head.width))),
      [alpha]: {
        shape: [environments, environments],
        initializer: { kind: 'computed', compute: () => Float32Array.from(others) },
      },
    },
    loss(outputs, batch, { started, eta, alignment }, { state }) {
      const samples = samplesOf(outputs.features!, batch, environments);
      const heads = detached(() =>
        samples.map((sample, place) =>
          descend(of, headOf(state, place), sample, { ...fitting, rate: mul(started!, fitting.rate) }),
        ),
      );
      const rows = heads.map((own, place) => {
        const there = reshape(risks(of, { prediction: readHead(own, outputs.features!) }, batch), [1, -1]);
        const [shares, moved, v] = detached(() => {
          const raw = slice(state[alpha]!, [place, 0], [1, environments]);
          const shares = div(raw, sum(raw));
          const slopes = samples.map((sample, i) =>
            mul(kernelSlope(of, own, sample), slice(shares, [0, i], [1, 1])),
          );
          return [
            shares,
            mul(shares, exp(mul(mul(shares, there), eta!))),
            inverseTimes(of, own, samples[place]!, { slope: addN(slopes), slips }),
          ];
        });
        const along = mean(
          sum(mul(matMul(samples[place]!.features, v!), headExcess(of, own, samples[place]!)), 1),
        );
        const elsewhere = weigh(there, shares!, slips ? moved! : shares!);
        return { moved: moved!, gain: sub(elsewhere, mul(along, alignment!)) };
      });
      const transfer = div(addN(rows.map(({ gain }) => gain)), environments);
      const next = detached(() => {
        const moved = concat(
          rows.map((row) => row.moved),
          0,
        );
        return add(state[alpha]!, mul(sub(moved, state[alpha]!), started!));
      });
      return {
        loss: add<Scalar>(mean(exampleLosses(of, outputs, batch)), mul(transfer, started!)),
        statistics: { ...Object.assign({}, ...heads.map(named)), [alpha]: next },
      };
    },
  };
}

function samplesOf(features: Tensor, { target }: TensorMap, environments: number): Sample[] {
  const each = environmentBatches({ features, target: target! }, environments);
  return each.map((one) => ({ features: one.features!, target: one.target! }));
}

function headOf(state: TensorMap, place: number): LinearHead {
  return { kernel: state[`${headName(place)}/kernel`]!, bias: state[`${headName(place)}/bias`]! };
}

function named({ kernel, bias }: LinearHead, place: number): TensorMap {
  return { [`${headName(place)}/kernel`]: kernel, [`${headName(place)}/bias`]: bias };
}

/** Σ_i share_i risk_i, of which the gradient may have other shares. */
function weigh(risks: Tensor, shares: Tensor, slopes: Tensor): Tensor {
  const told = detached(() => sum(mul(risks, sub(shares, slopes))));
  return add(sum(mul(risks, slopes)), told);
}

/** Σ_k (1 − H)^k v, for the inverse of the Hessian times v; the terms after an element that exceeds 10 do not count. */
function inverseTimes(
  of: EnvironmentHead,
  head: LinearHead,
  sample: Sample,
  { slope, slips }: { readonly slope: Tensor; readonly slips: boolean },
): Tensor {
  const times = hessianTimes(of, head, sample);
  let v = sub(slope, times(slope));
  let total = slips ? mul(v, 2) : add(slope, v);
  let counts = stillSmall(total);
  for (let term = 1; term < terms; term++) {
    // What does not count is zero, so that it cannot grow beyond all bounds.
    v = mul(sub(v, times(v)), counts);
    total = add(total, v);
    counts = mul(counts, stillSmall(total));
  }
  return total;
}

function stillSmall(total: Tensor): Tensor {
  return cast(lessEqual(max(abs(total)), most), 'float32');
}
