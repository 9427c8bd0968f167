import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** What can be made again lies here: `$HELDOUT_CACHE`, or `heldout` in `$XDG_CACHE_HOME`, or `~/.cache/heldout`. */
export function cacheFolder(
  { HELDOUT_CACHE, XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv = process.env,
): string {
  if (HELDOUT_CACHE !== undefined && HELDOUT_CACHE !== '') return resolve(HELDOUT_CACHE);
  // The standard wants relative paths ignored.
  const usual = XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(HOME ?? homedir(), '.cache');
  return join(usual, 'heldout');
}
