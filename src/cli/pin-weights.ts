import type { Job } from '../config/index.js';
import { canonicalJson } from '../core/json.js';
import { findWeights } from '../protocols/training/start/weights-file.js';
import { dataFolderOf } from './jobs/data-folder.js';

/**
 * Jobs whose model begins with a file of weights get its SHA-256, which decides their numbers and so their names. Throws
 * HeldoutError where there is no such file, or another one than they name.
 */
export async function pinWeights(jobs: readonly Job[]): Promise<readonly Job[]> {
  const known = new Map<string, string>();
  const pinned: Job[] = [];
  for (const job of jobs) {
    const { model } = job.config;
    if (!('weights' in model) || model.weights == null) {
      pinned.push(job);
      continue;
    }
    const folder = dataFolderOf(job.config);
    const key = canonicalJson([folder, model.weights, model.weights_sha256 ?? null]);
    const found = known.get(key) ?? (await findWeights(model, folder)).sha256;
    known.set(key, found);
    pinned.push({ ...job, config: { ...job.config, model: { ...model, weights_sha256: found } } });
  }
  return pinned;
}
