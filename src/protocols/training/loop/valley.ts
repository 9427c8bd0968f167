import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentConfig } from '../../../config/schema/root.js';
import { HeldoutError } from '../../../core/errors.js';
import { makeFolder, writeFileAtomic } from '../../../core/files/files.js';
import type { NamedArrays } from '../../../engine/engine.js';
import { scorePredictions } from '../../../evaluation/index.js';
import { decodeSafetensors, encodeSafetensors } from '../../../runs/checkpoints/safetensors.js';
import { readMetrics } from '../../../tracking/metrics-log.js';
import { meanOf } from '../../../training/mean-of.js';
import { segmentSlot } from '../../../training/optimizers/restart.js';
import { findValley } from '../../../training/valley.js';
import type { JobContext } from '../../context.js';
import { createPredictor } from '../../evaluation/predict.js';
import { predictorOptions } from '../../evaluation/read-network.js';
import { tabulate } from '../../evaluation/tabulate.js';
import { type Network, saveLoopState } from '../start/network.js';
import { createEnvironmentMonitor } from './environment-monitor.js';

/** SWAD in a training: see `findValley`. */
export interface Valley {
  /** Measures the loss of the current weights on the validation set, and keeps the mean of the weights since the last look. */
  look(step: number): Promise<void>;
  /** Puts the mean of the valley in the place of the weights, saves it as the last checkpoint, and evaluates environments. */
  finish(step: number): Promise<void>;
}

/**
 * Undefined where the config asks for none. Means of segments lie in `segments/` of the run's folder until the training ends,
 * as long as they may count; losses in metrics.jsonl, as records of the kind `segments`; what came of it in one of the
 * kind `valley`. Accuracies of environments are those of the mean alone: it is what a run is selected by. The loss is
 * the mean over the examples of the set `validation`. Throws HeldoutError where there is no such set, or no classes.
 */
export function createValley(context: JobContext, network: Network): Valley | undefined {
  const { config, run } = context;
  const { valley } = config.training.average;
  if (valley === undefined) return undefined;
  const measure = createMeasure(config, network);
  const folder = join(run.paths.folder, 'segments');
  const fileOf = (segment: number) => join(folder, `${String(segment).padStart(6, '0')}.safetensors`);
  const linesOf = (kind: string) => readMetrics(run.paths.metrics).filter((line) => line.kind === kind);
  const readLosses = () => linesOf('segments').map(({ loss }) => Number(loss));

  return {
    async look(step) {
      const loss = await measure();
      const segment = readLosses().length;
      makeFolder(folder);
      writeFileAtomic(fileOf(segment), encodeSafetensors(segmentsOf(network), { step: String(step) }));
      run.metrics.append({ kind: 'segments', step, loss });
      const losses = readLosses();
      const kept = new Set(findValley(losses, valley).map(fileOf));
      for (let back = segment; back > segment - valley.tolerance; back--) kept.add(fileOf(back));
      for (const name of readdirSync(folder)) {
        if (!kept.has(join(folder, name))) rmSync(join(folder, name));
      }
    },

    async finish(step) {
      if (linesOf('valley').length === 0) {
        const found = findValley(readLosses(), valley);
        const parameters = meanOf(found.length, (at) => readSegment(fileOf(found[at]!)));
        const { trainer } = network;
        const state = trainer.state();
        trainer.restore({ ...state, parameters: { ...state.parameters, ...parameters } });
        const [first, last] = [Math.min(...found), Math.max(...found)];
        run.metrics.append({ kind: 'valley', step, first, last, segments: found.length });
        run.log(`takes the mean of the weights of segments ${first} to ${last} of ${readLosses().length}`);
        await createEnvironmentMonitor(context, network)?.(step);
        run.saveCheckpoint(trainer.state(), saveLoopState({ step, lossSum: 0, lossCount: 0 }));
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The cross-entropy of the current weights on the validation set. */
function createMeasure(config: ExperimentConfig, network: Network): () => Promise<number> {
  const { material } = network;
  const { dataset, split } = material;
  const examples = split.sets.validation;
  if (examples === undefined || dataset.targets.some(({ kind }) => kind === 'numeric')) {
    throw new HeldoutError({
      code: 'E_VALLEY_VALIDATION',
      message:
        'a valley is one of the cross-entropy on the set validation, which this split or dataset has not',
      place: 'training.average.valley',
      hints: ['split=domains has one', '~training.average.valley'],
    });
  }
  const predict = createPredictor(predictorOptions(config, network));
  return async () => {
    const table = tabulate(material, [{ set: 'validation', examples, predictions: await predict(examples) }]);
    const row = scorePredictions(table, ['cross_entropy']).find(
      ({ group }) => Object.keys(group).length === 0,
    );
    return row!.value;
  };
}

/** Means of the weights since the last look, by the names of these. */
function segmentsOf({ trainer }: Network): NamedArrays {
  const suffix = `/${segmentSlot}`;
  return Object.fromEntries(
    Object.entries(trainer.state().slots).flatMap(([name, array]) =>
      name.endsWith(suffix) ? [[name.slice(0, -suffix.length), array]] : [],
    ),
  );
}

function readSegment(file: string): NamedArrays {
  return decodeSafetensors(readFileSync(file), file).arrays;
}
