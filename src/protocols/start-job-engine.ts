import type { Json } from '../core/json.js';
import type { Engine } from '../engine/engine.js';
import type { JobContext } from './context.js';
import { startEngineFor } from './training/start/start-engine.js';

/**
 * Starts the engine of a job, on its share of the cores where the config leaves threads open.
 * @param former What the manifest of the run that it goes on with says of the engine.
 */
export function startJobEngine(
  { config: { engine }, threads: share }: Pick<JobContext, 'config' | 'threads'>,
  former?: Json,
): Promise<Engine> {
  const threads = engine.threads === 'auto' ? share : engine.threads;
  return startEngineFor({ ...engine, threads }, former);
}
