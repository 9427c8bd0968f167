import type { ComposedJob } from '../../sweeps/plan.js';
import type { Arguments } from '../arguments/arguments.js';
import { derivedJob } from '../derived/derived-job.js';
import { writeDerivedRuns } from '../derived/write-derived.js';
import type { TwoHeadedRun } from './two-headed-run.js';

/** A two-headed run and f + Σ weights_k g_k + constant, of the outputs of its network. */
export interface Merger {
  readonly source: TwoHeadedRun;
  readonly weights: readonly number[];
  readonly constant: number;
}

/** Makes a run of each merged network, beside the two-headed run: see `writeDerivedRuns`. */
export function writeMergedRuns(
  study: string,
  results: string,
  mergers: readonly Merger[],
  args: Arguments,
): ReturnType<typeof writeDerivedRuns> {
  return writeDerivedRuns('merge', { study, results }, mergers.map(compose), args);
}

/** The config of the two-headed run with one head: nothing is trained by it, and averages were taken before. */
function compose({ source, weights, constant }: Merger): ComposedJob {
  const { run, config, spec } = source;
  // The last hidden layer is that of the two-headed run, which has its probes.
  const { probes: _probes, ...evaluation } = config.evaluation;
  const merged = {
    ...config,
    objective: { name: 'cross_entropy', label_smoothing: 0 },
    protocol: { name: 'merged', from: run, weights, constant },
    training: { ...config.training, average: { ...config.training.average, decay: null } },
    evaluation,
  };
  return derivedJob(spec, {
    config: merged,
    axes: { 'protocol.from': run },
    label: `${run} merged`,
    derived: `heads of run ${run}, as merge put them together`,
  });
}
