import { beforeAll, describe, expect, it } from 'vitest';
import { createInference } from '../compiled/inference.js';
import {
  batch,
  expectGradients,
  losses,
  parameters,
  runEagerly,
  slopeOf,
} from '../testing/input-gradients.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../testing/tensorflow.js';

beforeAll(async () => {
  await startTensorFlowIfThere();
});

describe.skipIf(!tensorFlowWorks)('the gradient of a loss in its input, as one graph', () => {
  it.each(Object.keys(losses) as (keyof typeof losses)[])('is the same as op by op: %s', (name) => {
    const inference = createInference(slopeOf(name), { xla: false });
    try {
      const run = (inputs: typeof batch) => inference.run(0, () => parameters, inputs);
      expectGradients(run);
      const [one, other] = [run(batch), runEagerly(slopeOf(name))(batch)];
      for (const output of ['logits', 'loss', 'gradient']) {
        for (const [at, value] of one[output]!.data.entries())
          expect(Math.abs(value - other[output]!.data[at]!)).toBeLessThan(
            1e-5 * Math.max(1, Math.abs(value)),
          );
      }
    } finally {
      inference.dispose();
    }
  });
});
