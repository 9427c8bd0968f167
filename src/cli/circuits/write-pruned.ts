import type { ExitCode } from '../../core/errors.js';
import type { PruningOrder } from '../../models/nac/pruning/order-processors.js';
import { withProcessors } from '../../models/nac/pruning/pruned-config.js';
import type { ComposedJob } from '../../sweeps/plan.js';
import type { Arguments } from '../arguments/arguments.js';
import { derivedJob } from '../derived/derived-job.js';
import { type DerivedRun, writeDerivedRuns } from '../derived/write-derived.js';
import type { CircuitRun } from './circuit-run.js';

/** Which processors of a circuit are to be a run of their own. */
export interface PrunedNet {
  readonly order: PruningOrder;
  readonly kept: number;
  /** Of the order random; its first draw is taken. */
  readonly seed: number;
}

export interface WrittenNet extends PrunedNet, DerivedRun {}

/**
 * Makes a run of each net, beside the run of the whole circuit: its config has the number of processors, its
 * checkpoint their rows and all other weights. What is there already stays.
 */
export async function writePrunedRuns(
  circuit: CircuitRun,
  results: string,
  nets: readonly PrunedNet[],
  args: Arguments,
): Promise<{ readonly written: readonly WrittenNet[]; readonly code: ExitCode }> {
  const jobs = nets.map((net) => compose(circuit, net));
  const { written, code } = await writeDerivedRuns('prune', { study: circuit.study, results }, jobs, args);
  return { written: (written ?? []).map((made, at) => ({ ...nets[at]!, ...made })), code };
}

function compose({ run, spec, config }: CircuitRun, { order, kept, seed }: PrunedNet): ComposedJob {
  const pruned = {
    ...config,
    model: withProcessors(config.model, kept),
    protocol: { name: 'pruned', of: run, order, seed: order === 'random' ? seed : 0, draw: 0 },
  };
  return derivedJob(spec, {
    config: pruned,
    axes: { order, kept: String(kept) },
    label: `${run} with ${kept} processors, order=${order}`,
    derived: `${kept} processors of run ${run}, as prune order=${order} keeps them`,
  });
}
