import { basename } from 'node:path';
import type { ExperimentConfig } from '../../config/schema/root.js';
import { HeldoutError } from '../../core/errors.js';
import type { NamedArrays } from '../../engine/engine.js';
import type { Model } from '../../models/model.js';
import { withoutGraphons } from '../../models/nac/priors/penalty.js';
import type { NacConfig } from '../../models/nac/pruning/pruned-config.js';
import { type LinkTable, readLinks } from '../../models/nac/pruning/read-links.js';
import { type Checkpoint, findLastGoodCheckpoint } from '../../runs/checkpoints/checkpoints.js';
import { runPaths } from '../../runs/folder.js';

export type CircuitConfig = ExperimentConfig & { readonly model: NacConfig };

/** The config of a circuit. Throws HeldoutError for any other model. */
export function requireCircuit(config: ExperimentConfig, run: string): CircuitConfig {
  if (config.model.name === 'nac') return config as CircuitConfig;
  throw new HeldoutError({
    code: 'E_PRUNE_MODEL',
    message: `run ${run} is of the model ${config.model.name}, which has no processors: only circuits (model=nac) have`,
    place: 'model.name',
    hints: ['npm run experiment -- status STUDY lists the runs', 'train a circuit: model=nac'],
  });
}

/** The last good checkpoint of a run, with parameters of the circuit only. Throws HeldoutError where there is none. */
export function readTrained(folder: string): Checkpoint {
  const run = basename(folder);
  const { checkpoint, skipped } = findLastGoodCheckpoint(runPaths(folder).checkpoints, run);
  if (checkpoint !== undefined) {
    const { state } = checkpoint;
    return { ...checkpoint, state: { ...state, parameters: withoutGraphons(state.parameters) } };
  }
  throw new HeldoutError({
    code: 'E_PRUNE_CHECKPOINT',
    message: `run ${run} has no good checkpoint${skipped.map(({ reason }) => `: ${reason}`)[0] ?? ''}`,
    place: folder,
    hints: ['run the command that started it again: it trains what is missing'],
  });
}

/** Throws HeldoutError where parameters have other names or sizes than a model's. */
export function requireSizes(parameters: NamedArrays, { parameters: specs }: Model, place: string): void {
  const names = new Set([...Object.keys(specs), ...Object.keys(parameters)]);
  const write = (shape: readonly number[] | undefined) =>
    shape === undefined ? 'missing' : `[${shape.join(', ')}]`;
  for (const name of names) {
    const [found, wanted] = [write(parameters[name]?.shape), write(specs[name]?.shape)];
    if (found === wanted) continue;
    throw new HeldoutError({
      code: 'E_PRUNE_SIZES',
      message: `this checkpoint is of another circuit than the config: ${name} is ${found} there and ${wanted} here`,
      place,
      hints: [
        'run the command that started the run again: it writes its files anew',
        'npm run experiment -- status STUDY lists the runs',
      ],
    });
  }
}

/** Links of a trained circuit, if signatures make them; their truncation is that of the config. */
export function linksOf(parameters: NamedArrays, { links }: NacConfig): LinkTable | undefined {
  return links.by === 'none' ? undefined : readLinks(parameters, links.truncation);
}
