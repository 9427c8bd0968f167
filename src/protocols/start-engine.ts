import type { ExperimentConfig } from '../config/schema/root.js';
import { HeldoutError } from '../core/errors.js';
import { isJsonObject, type Json } from '../core/json.js';
import type { Engine } from '../engine/engine.js';

/**
 * Starts the engine of a run. One with training behind it stays on the backend that it began with, since
 * another computes other last bits, unless `engine.resume` is `any`.
 * @param former What the manifest says of the engine.
 */
export async function startEngineFor(
  config: ExperimentConfig['engine'],
  former: Json | undefined,
): Promise<Engine> {
  const { startEngine } = await import('../engine/backends/start.js');
  const { threads, resume } = config;
  const tier = resume === 'same' ? readTier(former) : undefined;
  if (tier === undefined) return startEngine({ backend: config.backend, threads });
  try {
    return await startEngine({ backend: tier, threads });
  } catch (error) {
    if (!(error instanceof HeldoutError)) throw error;
    throw new HeldoutError({
      code: 'E_ENGINE_RESUME',
      message: `this run began on ${tier}, which does not start here: ${error.message}`,
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

function readTier(former: Json | undefined): Engine['tier'] | undefined {
  const tier = isJsonObject(former) ? former.tier : undefined;
  return tier === 'wasm' || tier === 'tensorflow' ? tier : undefined;
}
