import { join } from 'node:path';
import { loadSettings } from '../config/index.js';
import { projectRoot } from '../core/files/paths.js';

/** The path of a file in the folder of a study's experiment, whether or not it is there. */
export function experimentFile(study: string, name: string): string {
  return join(loadSettings(projectRoot()).experiments, study, name);
}
