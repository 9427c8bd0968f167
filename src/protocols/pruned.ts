import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HeldoutError } from '../core/errors.js';
import { evaluatedParameters } from '../engine/state.js';
import { countProcessors, keepProcessors } from '../models/nac/pruning/keep-processors.js';
import { chooseProcessors } from '../models/nac/pruning/order-processors.js';
import { degreesOf } from '../models/nac/pruning/read-links.js';
import { runPaths } from '../runs/folder.js';
import { listRuns } from '../runs/list.js';
import { readManifest } from '../runs/provenance/manifest.js';
import { loadOptimizer } from '../training/optimizers/index.js';
import type { JobContext } from './context.js';
import { type Made, makeAndEvaluate, type Vessel } from './derived.js';
import { prepareMaterial } from './prepare.js';
import { requireLinks } from './pruning/isolation.js';
import { linksOf, readTrained, requireCircuit, requireSizes } from './pruning/trained-circuit.js';

/**
 * Takes `model.processors` processors of a trained circuit, as the protocol's order says, saves them with all other
 * weights as a checkpoint of their own, and evaluates them. Nothing is trained.
 */
export const pruned = makeAndEvaluate({
  prepare: ({ config, dataFolder }) => prepareMaterial(config, dataFolder),
  engineOf: (context) => readManifest(runPaths(findSource(context)))?.engine,
  make: take,
});

/** The state of the source without the processors that go. */
async function take(context: JobContext, { model }: Vessel): Promise<Made> {
  const { config, run } = context;
  const circuit = requireCircuit(config, run.id).model;
  if (config.protocol.name !== 'pruned') throw new Error(`run ${run.id} is of another protocol`);
  const { order, seed, draw } = config.protocol;
  const { state, extra, folder } = readTrained(findSource(context));
  const { averageSlot } = await loadOptimizer(config.training);
  const average = averageSlot === undefined ? {} : { averageSlot };
  const used = evaluatedParameters(state.parameters, state.slots, average);
  const links = linksOf(used, circuit);
  requireLinks(links, [order], config.protocol.of);
  const processors = countProcessors(used);
  const ranking = { order, processors, degrees: links && degreesOf(links), seed, draw };
  const kept = chooseProcessors(ranking, circuit.processors);
  const parameters = keepProcessors(state.parameters, kept);
  requireSizes(parameters, model, folder);
  run.log(`keeps processors ${kept.join(', ')} of ${processors}`);
  return { state: { parameters, slots: keepProcessors(state.slots, kept), step: state.step }, extra };
}

/** The folder of the trained run: beside the pruned one, or in another study. */
function findSource({ config, run }: JobContext): string {
  if (config.protocol.name !== 'pruned') throw new Error(`run ${run.id} is of another protocol`);
  const { of } = config.protocol;
  const study = dirname(run.paths.folder);
  const beside = join(study, of);
  if (existsSync(beside)) return beside;
  const results = dirname(dirname(study));
  const found = listRuns(results).find((listing) => listing.run === of);
  if (found !== undefined) return found.paths.folder;
  throw new HeldoutError({
    code: 'E_PRUNE_SOURCE',
    message: `the circuit of run ${of} cannot be taken: there is no such run`,
    place: results,
    hints: ['npm run experiment -- status STUDY lists the runs'],
  });
}
