import type { ExperimentConfig } from '../config/schema/root.js';
import { HeldoutError } from '../core/errors.js';
import { firstLine } from '../core/text.js';
import { isOutOfMemory } from '../engine/backends/out-of-memory.js';

/**
 * A lack of memory, of a step as a graph or op by op, with the numbers to try; any other error as it is.
 * @param replicas Runs that were trained together.
 */
export function explainMemory(error: unknown, config: ExperimentConfig, replicas: number): unknown {
  const isKnown = error instanceof HeldoutError && error.code === 'E_ENGINE_MEMORY';
  if (!isKnown && !isOutOfMemory(error)) return error;
  const { training, evaluation } = config;
  const half = (count: number) => Math.max(1, Math.floor(count / 2));
  const message = isKnown
    ? error.message
    : `there is not enough memory: ${error.message.split('\n').find(isOutOfMemoryLine) ?? firstLine(error)}`;
  return new HeldoutError({
    code: 'E_ENGINE_MEMORY',
    message,
    hints: [
      ...(replicas > 1 ? [`train fewer runs together: replicas=${half(replicas)}  (here ${replicas})`] : []),
      `halve the batch: training.batch_size=${half(training.batch_size)}  (it is ${training.batch_size}), evaluation.batch_size=${half(evaluation.batch_size)}  (it is ${evaluation.batch_size})`,
      'let one job have all of it: launcher.jobs=1',
    ],
    exitCode: 1,
    cause: error,
  });
}

const isOutOfMemoryLine = (line: string) => isOutOfMemory(new Error(line));
