import type { ExperimentConfig } from '../../config/schema/root.js';
import type { JobEvent } from '../../core/events.js';
import type { Json } from '../../core/json.js';
import type { Engine, NamedArrays } from '../../engine/engine.js';
import { evaluatedParameters } from '../../engine/state.js';
import { loadModel } from '../../models/index.js';
import type { Model } from '../../models/model.js';
import type { LinkTable } from '../../models/nac/pruning/read-links.js';
import { loadOptimizer } from '../../training/optimizers/index.js';
import { countOutputs, layOutHeads } from '../../variables/targets.js';
import { type Material, prepareMaterial } from '../prepare.js';
import { startJobEngine } from '../start-job-engine.js';
import { type CircuitConfig, linksOf, readTrained, requireCircuit, requireSizes } from './trained-circuit.js';

/** Work on a circuit that is trained, by whoever started the process. */
export interface CircuitContext {
  readonly config: ExperimentConfig;
  readonly run: string;
  /** The run's folder. */
  readonly folder: string;
  /** What the run's manifest says of its engine, which is taken again. */
  readonly engine: Json | undefined;
  readonly threads: number;
  readonly dataFolder: string;
  readonly signal: AbortSignal;
  begin(backend: string): void;
  emit(event: JobEvent): void;
}

export interface OpenCircuit {
  readonly config: CircuitConfig;
  readonly material: Material;
  readonly engine: Engine;
  readonly model: Model;
  /** As evaluation takes them. */
  readonly parameters: NamedArrays;
  /** Updates behind them. */
  readonly step: number;
  readonly links: LinkTable | undefined;
}

/** Reads a run's circuit and starts its engine. Throws HeldoutError on what is not a whole circuit. */
export async function openCircuit(context: CircuitContext): Promise<OpenCircuit> {
  const config = requireCircuit(context.config, context.run);
  const { state, folder } = readTrained(context.folder);
  const { averageSlot } = await loadOptimizer(config.training);
  const average = averageSlot === undefined ? {} : { averageSlot };
  const parameters = evaluatedParameters(state.parameters, state.slots, average);
  const material = await prepareMaterial(config, context.dataFolder);
  const { inputs, table, targets } = material.dataset;
  const model = await loadModel(config.model, { inputs, outputs: countOutputs(layOutHeads(table, targets)) });
  requireSizes(parameters, model, folder);
  const engine = await startJobEngine({ config, threads: context.threads }, context.engine);
  context.begin(engine.tier);
  const links = linksOf(parameters, config.model);
  return { config, material, engine, model, parameters, step: state.step, links };
}
