import type { Trainer, TrainerOptions } from '../engine.js';
import { createEagerTrainer } from '../trainer.js';
import { type CompileSettings, createChoosingTrainer, describeFor } from './choose.js';
import { createCompiledTrainer } from './trainer.js';

/** A trainer of the tensorflow tier. */
export function createTensorFlowTrainer(options: TrainerOptions, settings: CompileSettings): Trainer {
  if (settings.compile === 'off') return createEagerTrainer(options);
  const described = describeFor(options, settings);
  return createChoosingTrainer(described, settings, createCompiledTrainer(described, settings));
}
