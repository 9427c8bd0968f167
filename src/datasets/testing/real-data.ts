import { fromRoot } from '../../core/files/paths.js';
import { inspectDataFolder } from '../data-files.js';

/** The data folder of the tests that compare with real data. */
export const testDataFolder = fromRoot(process.env.HELDOUT_DATA ?? '../shared/data');

/** Full path of the real dSprites frames; undefined when they are not there. */
export const realFrames = inspectDataFolder(testDataFolder).find(
  (file) => file.paths[0] === 'dsprites/real_frames.npz',
)?.found;
