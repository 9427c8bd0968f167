import { availableParallelism } from 'node:os';
import { type ExitCode, HeldoutError } from '../../../core/errors.js';
import type { MeasuredPruning, PruningRequest } from '../../../protocols/pruning/measure-pruning.js';
import type { Arguments } from '../../arguments/arguments.js';
import { type CircuitRun, openCircuitRun, ordersOf, requireClasses } from '../../circuits/circuit-run.js';
import { countKept, type PruneOptions, readPruneOptions } from '../../circuits/prune-options.js';
import { pruneStudy } from '../../circuits/prune-study.js';
import { describePruning } from '../../circuits/pruning-text.js';
import { type WrittenNet, writePrunedRuns } from '../../circuits/write-pruned.js';
import { readOperand } from '../../derived/read-operand.js';
import { findRunIfAny } from '../../find-run.js';
import { launchOrder } from '../../jobs/launch-order.js';
import { print, printNotice } from '../../output/print.js';
import { inPlace } from '../../output/results.js';

/**
 * `prune RUN keep=... [order=...]`: takes processors from a trained circuit, makes a run of what is left, and shows
 * what it costs and gains. `prune STUDY`: measures pruning curves of all circuits of a study, for its figures.
 */
export async function pruneCircuits(args: Arguments): Promise<ExitCode> {
  const { options, rest } = readPruneOptions(args.words);
  const own = 'options of prune: keep, order, draws, seed, examples, sets, lose';
  const { name, results } = readOperand(args, rest, { command: 'prune', operand: 'RUN', options: own });
  const found = findRunIfAny(results, name);
  if (found === undefined) return inPlace(results, () => pruneStudy(results, name, options, args));
  const circuit = openCircuitRun(found.paths.folder);
  requireClasses(circuit);
  const request = toRequest(circuit, options);
  return inPlace(found.results, () => pruneRun(circuit, found.results, request, args));
}

async function pruneRun(
  circuit: CircuitRun,
  results: string,
  request: PruningRequest,
  args: Arguments,
): Promise<ExitCode> {
  const { run, folder, config } = circuit;
  const label = `prune ${run}`;
  const order = { task: 'prune', run, config, folder, request, threads: availableParallelism() } as const;
  const { found: measured, code } = await launchOrder<MeasuredPruning>(order, label, args);
  if (measured === undefined) return code;
  for (const warning of measured.warnings) printNotice(`warning: ${warning}`);
  const nets = request.orders.flatMap((each) =>
    (measured.kept[each] ?? []).map((kept) => ({ order: each, kept, seed: request.seed })),
  );
  const { written, code: ended } = await writePrunedRuns(circuit, results, nets, args);
  show(measured, request, written);
  return ended;
}

function toRequest(circuit: CircuitRun, { keep, orders, ...options }: PruneOptions): PruningRequest {
  const possible = ordersOf(circuit);
  const { processors } = circuit.config.model;
  const chosen = orders ?? [possible[0]!];
  const lacking = chosen.find((order) => !possible.includes(order));
  if (lacking !== undefined) throw refuseOrder(circuit, lacking);
  if (keep === undefined) {
    throw new HeldoutError({
      code: 'E_USAGE',
      message: `how many of the ${processors} processors stay?`,
      place: 'command line',
      hints: [
        `npm run experiment -- prune ${circuit.run} keep=0.2`,
        `npm run experiment -- prune ${circuit.run} keep=auto lose=0.03`,
      ],
    });
  }
  const { draws, seed, examples, sets, lose } = options;
  const counts = keep === 'auto' ? { lose } : countKept(keep, processors);
  return { orders: chosen, keep: counts, draws, seed, examples, ...(sets && { sets }) };
}

function refuseOrder({ run, folder }: CircuitRun, order: string): HeldoutError {
  return new HeldoutError({
    code: 'E_PRUNE_ORDER',
    message: `order=${order} goes by links, and in the circuit of run ${run} every module hears all others`,
    place: folder,
    hints: [`npm run experiment -- prune ${run} keep=0.2 order=random`],
  });
}

function show(
  { rows, processors, labels }: MeasuredPruning,
  { draws, orders, keep }: PruningRequest,
  written: readonly WrittenNet[],
): void {
  print(
    `\nAccuracy on every set, and images per second (batches of ${labels.batch} on ${labels.backend}, ${labels.threads} ${labels.threads === '1' ? 'thread' : 'threads'})\n`,
  );
  print(describePruning(rows, processors));
  if (orders.includes('random'))
    print(`\nrandom: mean over ${draws} draws ± half-width of the 95 % Student t interval`);
  if ('lose' in keep)
    print(
      `\nkeep=auto: the fewest processors that lose at most ${keep.lose} on validation; no other set was looked at`,
    );
  if (written.length > 0) print('');
  for (const { order, kept, folder } of written) {
    const which = order === 'random' ? `${order}, draw 0` : order;
    print(`Run      ${folder}  (${kept} of ${processors} processors, ${which})`);
  }
}
