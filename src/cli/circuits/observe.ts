import { availableParallelism } from 'node:os';
import type { ExitCode } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/files/files.js';
import { type CircuitFacts, readFacts } from '../../evaluation/circuits/facts.js';
import { runPaths } from '../../runs/folder.js';
import type { Arguments } from '../arguments/arguments.js';
import { launchOrder } from '../jobs/launch-order.js';
import type { CircuitRun } from './circuit-run.js';
import { writeBeside } from './write-beside.js';

/** The facts of a circuit: those that lie beside its records, or new ones that are put there. */
export async function observe(
  { run, folder, config, weights }: CircuitRun,
  args: Arguments,
  place: { readonly total: number; readonly done: number },
): Promise<{ readonly facts: CircuitFacts | undefined; readonly code: ExitCode }> {
  const path = runPaths(folder).circuit;
  const former = readFacts(path, run);
  if (former?.weights === weights) return { facts: former, code: 0 };
  const order = { task: 'observe', run, config, folder, threads: availableParallelism() } as const;
  const { found, code } = await launchOrder<Omit<CircuitFacts, 'run' | 'weights'>>(
    order,
    `circuit ${run}`,
    args,
    place,
  );
  if (found === undefined) return { facts: undefined, code };
  const facts = { ...found, run, weights };
  writeBeside(folder, () => writeFileAtomic(path, `${JSON.stringify(facts)}\n`));
  return { facts, code: 0 };
}
