import { availableParallelism } from 'node:os';
import { type ExitCode, HeldoutError } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/files/files.js';
import { canonicalJson, type JsonObject } from '../../core/json.js';
import { readPruning } from '../../evaluation/circuits/pruning.js';
import { encodeRecord } from '../../evaluation/record.js';
import type { MeasuredPruning, PruningRequest } from '../../protocols/pruning/measure-pruning.js';
import { runPaths } from '../../runs/folder.js';
import { planStatus } from '../../sweeps/plan-status.js';
import type { Arguments } from '../arguments/arguments.js';
import { findPlan } from '../find-plan.js';
import { launchOrder } from '../jobs/launch-order.js';
import { printNotice } from '../output/print.js';
import { doneRecords, showTables } from '../output/report-study.js';
import { type CircuitRun, ordersOf, requireClasses } from './circuit-run.js';
import { countKept, type PruneOptions } from './prune-options.js';
import { listCircuits } from './study-circuits.js';
import { writeBeside } from './write-beside.js';

const prunedTables = ['accuracy-when-pruned', 'speed-when-pruned'] as const;
/** Shares of a curve, and examples of every set that each of its points is measured on, unless told. */
const usual = { keep: [0.75, 0.5, 0.35, 0.25, 0.2, 0.15, 0.1, 0.05], examples: 1024 } as const;

/**
 * Measures the pruning curves of all finished circuits of a study and keeps them beside their records, where tables
 * and figures find them. What was measured before, of the same weights and in the same way, is not measured again.
 */
export async function pruneStudy(
  results: string,
  name: string,
  options: PruneOptions,
  args: Arguments,
): Promise<ExitCode> {
  const plan = findPlan(results, name);
  const status = planStatus(plan, results);
  const { circuits, unfinished } = listCircuits(plan, status);
  if (options.keep === 'auto') throw refuseChoice(plan.name);
  const asked = circuits.map((circuit) => ({ circuit, request: toRequest(circuit, options) }));
  for (const [done, { circuit, request }] of asked.entries()) {
    const code = await measure(circuit, request, args, { total: asked.length, done });
    if (code !== 0) return code;
  }
  await showTables(plan, results, doneRecords(plan, status, results), prunedTables, { part: true });
  for (const note of unfinished) printNotice(note);
  return unfinished.length === 0 ? 0 : 1;
}

async function measure(
  { run, folder, config, weights }: CircuitRun,
  request: PruningRequest | undefined,
  args: Arguments,
  place: { readonly total: number; readonly done: number },
): Promise<ExitCode> {
  if (request === undefined) {
    printNotice(`run ${run}: every module hears all others, so that only order=random is measured of it`);
    return 0;
  }
  const path = runPaths(folder).pruning;
  const wanted = { ...request, weights } as unknown as JsonObject;
  const former = readPruning(path, run);
  if (former !== undefined && canonicalJson(former.request) === canonicalJson(wanted)) return 0;
  const order = { task: 'prune', run, config, folder, request, threads: availableParallelism() } as const;
  const { found, code } = await launchOrder<MeasuredPruning>(order, `prune ${run}`, args, place);
  if (found === undefined) return code;
  for (const warning of found.warnings) printNotice(`warning: run ${run}: ${warning}`);
  const { rows, labels } = found;
  const record = { schema: 1, run, labels, rows, request: wanted } as const;
  writeBeside(folder, () => writeFileAtomic(path, encodeRecord(record)));
  return 0;
}

/** Undefined for a circuit that has none of the orders. Small circuits have fewer sizes than there are shares. */
function toRequest(circuit: CircuitRun, options: PruneOptions): PruningRequest | undefined {
  requireClasses(circuit);
  const { processors } = circuit.config.model;
  const keep = options.keep ?? usual.keep.filter((share) => Math.round(share * processors) >= 1);
  const possible = ordersOf(circuit);
  const orders = (options.orders ?? possible).filter((order) => possible.includes(order));
  if (orders.length === 0) return undefined;
  const { draws, seed, sets } = options;
  const counts = countKept(keep === 'auto' ? [] : keep, processors);
  const examples = options.examples ?? usual.examples;
  return { orders, keep: counts, draws, seed, examples, ...(sets && { sets }) };
}

function refuseChoice(study: string): HeldoutError {
  return new HeldoutError({
    code: 'E_PRUNE_KEEP',
    message: 'the curves of a study are measured at sizes that are named',
    place: 'keep=auto',
    hints: [
      `npm run experiment -- prune ${study}`,
      'npm run experiment -- prune RUN keep=auto chooses the size of one circuit',
    ],
  });
}
