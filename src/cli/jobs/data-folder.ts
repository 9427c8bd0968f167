import type { ExperimentConfig } from '../../config/index.js';
import { fromRoot } from '../../core/files/paths.js';

/** Where datasets lie: `HELDOUT_DATA` if it is set, else `paths.data` of the config. */
export function dataFolderOf(config: Pick<ExperimentConfig, 'paths'>): string {
  return fromRoot(process.env.HELDOUT_DATA ?? config.paths.data);
}
