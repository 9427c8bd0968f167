import { div, exp, mul, type Scalar, sum } from '@tensorflow/tfjs-core';
import { detached } from '../../../engine/ops/detached.js';
import type { Objective } from '../../objective.js';
import { statePrefix } from '../../own-parameters.js';
import { type EnvironmentHead, risks } from '../risks.js';

const weights = `${statePrefix}environment-weights`;

/**
 * Group distributionally robust optimisation (Sagawa, Koh, Hashimoto & Liang, ICLR 2020, algorithm 1) over environments:
 * the risks under weights q, each of which a step multiplies by exp(`numbers.eta` × risk) before it takes them, and which
 * sum to 1; they begin equal. Of `outputs.prediction` `[environments × examples, outputs]` and `batch.target`
 * `[environments × examples, 1]`.
 */
export function createGroupDro(of: EnvironmentHead): Objective {
  const { environments } = of;
  return {
    state: {
      [weights]: { shape: [environments], initializer: { kind: 'constant', value: 1 / environments } },
    },
    loss(outputs, batch, numbers, { state }) {
      const each = risks(of, outputs, batch);
      const q = detached(() => {
        const raised = mul(state[weights]!, exp(mul(each, numbers.eta!)));
        return div(raised, sum(raised));
      });
      return { loss: sum<Scalar>(mul(each, q)), statistics: { [weights]: q } };
    },
  };
}
