import { HeldoutError } from '../../core/errors.js';
import { accuracyRow, speedRow } from '../../evaluation/circuits/pruning.js';
import type { RecordRow } from '../../evaluation/predictions.js';
import type { PruningOrder } from '../../models/nac/pruning/order-processors.js';
import { degreesOf } from '../../models/nac/pruning/read-links.js';
import { chooseByValidation } from './choose-by-validation.js';
import { requireLinks, warnOfIsolation } from './isolation.js';
import { listNets, type Net, openNets } from './nets.js';
import { type CircuitContext, openCircuit } from './open-circuit.js';
import { createScorer } from './score-nets.js';

/** What is to be measured of a trained circuit. */
export interface PruningRequest {
  readonly orders: readonly PruningOrder[];
  /** Numbers of processors that are kept; or by how much the accuracy on the set `validation` may fall. */
  readonly keep: readonly number[] | { readonly lose: number };
  /** Of every random choice. */
  readonly draws: number;
  readonly seed: number;
  /** Examples of every set, at most; null: those of the run's evaluation. */
  readonly examples: number | null;
  /** Absent: all but `train`. */
  readonly sets?: readonly string[];
}

export interface MeasuredPruning {
  readonly rows: readonly RecordRow[];
  readonly labels: Readonly<Record<string, string>>;
  /** Of the whole circuit. */
  readonly processors: number;
  /** Numbers of processors by order, as asked for or as chosen on validation. */
  readonly kept: Readonly<Partial<Record<PruningOrder, readonly number[]>>>;
  readonly warnings: readonly string[];
}

/**
 * Accuracy on sets, every one but `train` unless told, and images per second, of a trained circuit whole and with fewer processors;
 * nothing is trained again, nothing written. Throws the signal's reason when it fires, and HeldoutError on what is not
 * a whole circuit.
 */
export async function measurePruning(
  context: CircuitContext,
  request: PruningRequest,
): Promise<MeasuredPruning> {
  const circuit = await openCircuit(context);
  const { config, engine, links, material, parameters } = circuit;
  const { processors } = config.model;
  const { dataset } = material;
  requireLinks(links, request.orders, context.run);
  const degrees = links && degreesOf(links);
  const batchSize = config.evaluation.batch_size;
  const nets = await openNets({ engine, model: config.model, dataset, parameters, batchSize });
  const scorer = createScorer({ ...context, config, material, nets, examples: request.examples });
  const sets = requireSets(request.sets ?? scorer.sets, scorer.sets);
  const list = (order: PruningOrder, counts: readonly number[]) =>
    listNets({ ...request, order, processors, degrees }, counts);
  try {
    const whole: Net = {
      order: 'whole',
      draw: 0,
      kept: Uint32Array.from({ length: processors }, (_, at) => at),
    };
    const kept: Partial<Record<PruningOrder, readonly number[]>> = {};
    const warnings: string[] = [];
    for (const order of request.orders) {
      const { keep } = request;
      if (!('lose' in keep)) {
        kept[order] = keep;
        continue;
      }
      const choice = await chooseByValidation(scorer, whole, (counts) => list(order, counts), keep.lose);
      kept[order] = [choice.kept];
      warnings.push(...choice.warnings);
    }
    const pruned = request.orders.flatMap((order) => list(order, kept[order]!));
    warnings.push(...warnOfIsolation(links, pruned));
    const all = [whole, ...pruned];
    const rows = (await scorer.score(all, sets)).flatMap(({ set, n, values }) =>
      values.map((value, at) => {
        const { order, draw, kept: some } = all[at]!;
        return accuracyRow(set, { order, draw, kept: some.length, of: processors }, value, n);
      }),
    );
    const counts = [...new Set(all.map((net) => net.kept.length))];
    const speeds = await nets.speed(counts, material.split.sets.train);
    const labels = { backend: engine.tier, threads: String(engine.threads), batch: String(batchSize) };
    return {
      rows: [...rows, ...counts.map((count) => speedRow(count, processors, speeds.get(count)!, batchSize))],
      labels,
      processors,
      kept,
      warnings,
    };
  } finally {
    nets.dispose();
  }
}

function requireSets(asked: readonly string[], there: readonly string[]): readonly string[] {
  const lacking = asked.find((set) => !there.includes(set));
  if (lacking === undefined) return asked;
  throw new HeldoutError({
    code: 'E_PRUNE_SETS',
    message: `the split of this run has no set '${lacking}' to look at`,
    place: `sets=${asked.join(',')}`,
    hints: [`its sets are ${there.join(', ')}`],
  });
}
