import type { ExperimentConfig } from '../../../config/schema/root.js';
import { HeldoutError } from '../../../core/errors.js';
import { isJsonObject, type Json } from '../../../core/json.js';
import type { EngineOptions, Precision } from '../../../engine/backends/options.js';
import type { Engine } from '../../../engine/engine.js';

/**
 * Starts the engine of a run. One with training behind it stays on the backend and the threads that it began
 * with, since others compute other last bits, unless `engine.resume` is `any`.
 * @param former What the manifest says of the engine.
 */
export async function startEngineFor(
  config: ExperimentConfig['engine'] & Pick<EngineOptions, 'sideBySide'>,
  former: Json | undefined,
): Promise<Engine> {
  const { startEngine } = await import('../../../engine/backends/start.js');
  const begun = config.resume === 'same' ? readChoices(former, config) : undefined;
  if (begun === undefined) return startEngine(config);
  try {
    return await startEngine(begun);
  } catch (error) {
    if (!(error instanceof HeldoutError)) throw error;
    throw new HeldoutError({
      code: 'E_ENGINE_RESUME',
      message: `this run began on ${begun.backend}, which does not start here: ${error.message}`,
      place: 'engine.resume=same',
      hints: [
        'engine.resume=any  (goes on with another backend: no longer bit for bit the same)',
        ...error.hints,
      ],
      exitCode: 1,
      cause: error,
    });
  }
}

/** What the manifest says was chosen; as the config says where it does not. */
export function readChoices(former: Json | undefined, config: EngineOptions): EngineOptions | undefined {
  const { tier, threads, compiled, xla, resident, precision } = isJsonObject(former) ? former : {};
  if (tier !== 'wasm' && tier !== 'tensorflow') return undefined;
  return {
    ...config,
    backend: tier,
    ...(typeof threads === 'number' ? { threads } : {}),
    ...(typeof compiled === 'boolean' ? { compile: compiled ? 'always' : 'off' } : {}),
    ...(typeof xla === 'boolean' ? { xla: xla ? 'on' : 'off' } : {}),
    ...(typeof resident === 'number' ? { resident_data: resident > 0 ? resident : 'off' } : {}),
    precision: typeof precision === 'string' ? (precision as Precision) : 'float32',
  };
}
