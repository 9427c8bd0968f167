import { HeldoutError } from '../../core/errors.js';
import type { LowPrecision } from '../compiled/graph/precision.js';
import type { EngineOptions } from './options.js';

/** What computes, as far as it decides which precisions there are. */
export interface Device {
  readonly tier: 'tensorflow' | 'wasm';
  readonly gpu: boolean;
}

/** The precision that a graph is rewritten for; undefined where the device's own will do. */
export function lowPrecisionOf({ precision }: Pick<EngineOptions, 'precision'>): LowPrecision | undefined {
  return precision === 'bfloat16' || precision === 'float16' ? precision : undefined;
}

/** Why a precision cannot be had, and what to type; undefined where it can. */
export function refusePrecision(
  options: Pick<EngineOptions, 'precision' | 'compile'>,
  { tier, gpu }: Device,
): HeldoutError | undefined {
  const { precision = 'float32', compile = 'auto' } = options;
  if (precision === 'float32') return undefined;
  const refuse = (message: string, hint: string) =>
    new HeldoutError({
      code: 'E_ENGINE_PRECISION',
      message,
      place: `engine.precision=${precision}`,
      hints: ['engine.precision=float32', hint],
    });
  if (tier === 'wasm') {
    const hint = 'npm run setup  (gets TensorFlow), then engine.backend=tensorflow';
    return refuse(`${precision} is a precision of TensorFlow, and this runs on wasm`, hint);
  }
  if (precision === 'tf32') {
    if (gpu) return undefined;
    const hint = 'npm run experiment -- doctor  (says why no GPU is used)';
    return refuse('tf32 is a precision of GPUs, and TensorFlow runs on the CPU here', hint);
  }
  if (compile !== 'off') return undefined;
  const message = `${precision} is cast in the graph of a step, and engine.compile=off makes none`;
  return refuse(message, 'engine.compile=auto');
}

/** What to know of a precision that can be had; undefined where there is nothing. */
export function describePrecision(
  options: Pick<EngineOptions, 'precision'>,
  { gpu }: Device,
): string | undefined {
  const precision = lowPrecisionOf(options);
  if (precision === undefined || gpu) return undefined;
  const times = precision === 'bfloat16' ? 'about twice' : 'hundreds of times';
  return `engine.precision=${precision} is for GPUs: on a CPU steps take ${times} as long as with float32`;
}
