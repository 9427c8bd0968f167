import { existsSync } from 'node:fs';
import { findAddon } from './addon.js';
import { findWasmBinary } from './wasm-binary.js';

export interface BackendReport {
  readonly tier: 'tensorflow' | 'wasm';
  readonly works: boolean;
  readonly detail: string;
  /** What to type to get it; absent when it works. */
  readonly hint?: string;
}

/** What to type for the tensorflow tier. */
export const setUpHint = 'to build it: npm rebuild @tensorflow/tfjs-node-gpu --ignore-scripts=false';

/** Which tiers could start here, from the files that are there; starts nothing and loads no TensorFlow. */
export function probeBackends(): BackendReport[] {
  return [probeTensorFlow(), probeWasm()];
}

function probeTensorFlow(): BackendReport {
  const addon = findAddon();
  if (addon !== undefined) return { tier: 'tensorflow', works: true, detail: `addon ${addon}` };
  return { tier: 'tensorflow', works: false, detail: 'its addon has not been built', hint: setUpHint };
}

function probeWasm(): BackendReport {
  try {
    const binary = findWasmBinary();
    if (existsSync(binary)) return { tier: 'wasm', works: true, detail: `TensorFlow.js from ${binary}` };
  } catch {
    // Not installed: said below.
  }
  return {
    tier: 'wasm',
    works: false,
    detail: '@tensorflow/tfjs-backend-wasm is not installed',
    hint: 'npm ci',
  };
}
