import { homedir } from 'node:os';
import { sep } from 'node:path';
import type { Installed } from './addon/install.js';
import type { Variant } from './library/release.js';

const variants: Readonly<Record<Variant, string>> = { cpu: 'CPU', cuda: 'CUDA', from: 'found here' };

/** `TensorFlow 2.21.0 (CPU)`. */
export function describeTensorFlow({ tensorflow: { version, variant } }: Installed): string {
  return `TensorFlow ${version} (${variants[variant]})`;
}

/** A path as people write it. */
export function shortenHome(path: string): string {
  const home = homedir();
  return path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path;
}
