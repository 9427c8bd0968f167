import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findAddon } from './addon.js';
import { findWasmBinary } from './wasm-binary.js';

export interface BackendReport {
  readonly tier: 'tensorflow' | 'wasm';
  readonly works: boolean;
  readonly detail: string;
  /** What it would need; absent when it works. */
  readonly hint?: string;
}

/** What the tensorflow tier needs. The addon that its package would fetch is too old for any recent GPU. */
export const tensorFlowHint =
  'it needs an addon built against a current libtensorflow, which this version of Heldout cannot build; engine.backend=wasm serves';

/** Which tiers start here; loads no TensorFlow into this process. */
export function probeBackends(): BackendReport[] {
  return [probeTensorFlow(findAddon()), probeWasm()];
}

/** A built addon may still lack its library or not fit this system, so it is loaded, in a process of its own. */
export function probeTensorFlow(addon: string | undefined): BackendReport {
  const refused = addon === undefined ? 'its addon has not been built' : tryAddon(addon);
  if (refused === undefined) return { tier: 'tensorflow', works: true, detail: `addon ${addon}` };
  return { tier: 'tensorflow', works: false, detail: refused, hint: tensorFlowHint };
}

const loadSeconds = 30;

/** Why an addon does not load, or undefined. */
function tryAddon(addon: string): string | undefined {
  const script =
    'try { require(process.argv[1]); } catch (error) { console.log(error.message); process.exit(3); }';
  const { status, signal, error, stdout } = spawnSync(process.execPath, ['-e', script, addon], {
    encoding: 'utf8',
    timeout: loadSeconds * 1000,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (status === 0) return undefined;
  const how = status === null ? `its process ended by ${signal ?? error?.message}` : `exit code ${status}`;
  return `its addon does not load (${(status === 3 && stdout.trim().split('\n', 1)[0]) || how})`;
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
