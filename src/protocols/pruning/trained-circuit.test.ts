import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ExperimentConfig } from '../../config/schema/root.js';
import { type NacConfig, withProcessors } from '../../models/nac/pruning/pruned-config.js';
import { findLastGoodCheckpoint } from '../../runs/checkpoints/checkpoints.js';
import { makeResults, type Results, runJob, smallConfig, smallTraining } from '../testing/jobs.js';
import { readTrained } from './trained-circuit.js';

let results: Results;
beforeEach(() => {
  results = makeResults();
});
afterEach(() => results.remove());

it.each(['shared', 'one_to_one', 'separate'])(
  'a circuit that was trained with a graphon is pruned without it, input modules %s',
  async (inputs) => {
    const config = smallConfig({
      training: { ...smallTraining, steps: 2 },
      model: {
        inputs,
        ...{ name: 'nac', processors: 8, read_outs: 2, width: 8, signature_width: 4, layers: 1, heads: 1 },
        ...{ head_width: 8, tokens: { stem_channels: 4, channels: 8, positions: 4 } },
        prior: { graph: 'planted_partition', groups: 2, regulariser: 'both' },
      },
    });
    const { run } = await runJob(config, results);
    const saved = findLastGoodCheckpoint(run.paths.checkpoints, run.id).checkpoint!.state.parameters;
    const { 'circuit/propagator1/graphon': aligned, ...own } = saved;
    expect(aligned!.shape).toEqual([8, 8]);
    expect(readTrained(run.paths.folder).state.parameters).toEqual(own);

    const protocol = { name: 'pruned', of: run.id, order: 'degree', seed: 0, draw: 0 } as const;
    const pruned: ExperimentConfig = {
      ...config,
      model: withProcessors(config.model as NacConfig, 3),
      protocol,
    };
    const left = await runJob(pruned, results);
    expect(left.end.outcome).toBe('finished');
    expect(left.run.manifest()!.model!.multiplyAdds).toBeLessThan(run.manifest()!.model!.multiplyAdds);
  },
);
