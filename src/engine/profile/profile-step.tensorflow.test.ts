import { expect, it } from 'vitest';
import { tensorFlow } from '../backends/tensorflow-backend.js';
import { matrixFlops, profileSmallNetwork } from '../testing/profiled.js';
import { startTensorFlowIfThere, tensorFlowWorks } from '../testing/tensorflow.js';

it.skipIf(!tensorFlowWorks)('divides a compiled step and the same op by op', async () => {
  const engine = (await startTensorFlowIfThere())!;
  const { binding, executeSingleOutput } = tensorFlow();
  const { asRun, opByOp } = await profileSmallNetwork(engine);
  expect(tensorFlow().binding).toBe(binding);
  expect(tensorFlow().executeSingleOutput).toBe(executeSingleOutput);

  expect(asRun.compiled).toBe(true);
  expect(asRun.nodes).toBeGreaterThan(50);
  const { graph, feeding, reading, javascript } = asRun.parts!;
  for (const part of [graph, feeding, reading, javascript]) expect(part).toBeGreaterThan(0);
  expect(graph + feeding + reading).toBeLessThan(asRun.step.maximum);

  const layers = opByOp.layers.map(({ layer }) => layer);
  expect(layers).toEqual(['encoder/conv', 'encoder/norm', 'read-out', 'between layers', 'optimiser']);
  expect(opByOp.ops.find(({ op }) => op === 'Conv2D')).toMatchObject({ calls: 1 });
  expect(opByOp.ops.find(({ op }) => op === 'HeldoutReluBiasGrad')).toMatchObject({ calls: 1 });
  const norm = opByOp.layers.find(({ layer }) => layer === 'encoder/norm')!;
  expect(opByOp.matrix.flops - norm.flops).toBe(matrixFlops);
});
