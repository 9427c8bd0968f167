import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTextIfThere, writeFileAtomic } from '../../core/files/files.js';
import { projectRoot } from '../../core/files/paths.js';
import { identify } from '../../core/hash.js';
import { findAddon, restoreAddon } from './addon.js';
import { findWasmBinary } from './wasm-binary.js';

export interface BackendReport {
  readonly tier: 'tensorflow' | 'wasm';
  readonly works: boolean;
  readonly detail: string;
  /** What it would need; absent when it works. */
  readonly hint?: string;
  /** What was done for it just now. */
  readonly note?: string;
  /** Of the tensorflow tier, where it works. */
  readonly tensorflow?: TensorFlowFacts;
}

export interface TensorFlowFacts {
  readonly version: string;
  readonly device: 'cpu' | 'gpu';
  /** The addon's file, links resolved. */
  readonly addon: string;
  /** Why Heldout's own ops are not there, or nothing; absent from an addon that was built without them. */
  readonly opsProblem?: string;
}

/** What to type where the tensorflow tier does not start. The addon that its package would fetch is too old. */
export const tensorFlowHint =
  'npm run setup  (gets TensorFlow and builds its addon; engine.backend=wasm serves without)';

/**
 * Which tiers start here; loads no TensorFlow into this process.
 * @param remembered Whether what the same addon said before will do: loading it takes half a second.
 */
export function probeBackends(remembered = false): BackendReport[] {
  const note = restoreAddon();
  const report = probeTensorFlow(findAddon(), remembered);
  return [{ ...report, ...(note === undefined ? {} : { note }) }, probeWasm()];
}

/** A built addon may still lack its library or not fit this system, so it is loaded, in a process of its own. */
export function probeTensorFlow(addon: string | undefined, remembered = false): BackendReport {
  const answer = addon === undefined ? 'its addon has not been built' : askAddon(addon, remembered);
  if (typeof answer === 'string')
    return { tier: 'tensorflow', works: false, detail: answer, hint: tensorFlowHint };
  const device = answer.device === 'gpu' ? 'a GPU' : 'the CPU';
  const detail = `TensorFlow ${answer.version} on ${device}`;
  return { tier: 'tensorflow', works: true, detail, tensorflow: answer };
}

/** The last answer of an addon that loaded is kept under its file's path, size and time. */
function askAddon(addon: string, remembered: boolean): TensorFlowFacts | string {
  const path = join(projectRoot(), 'node_modules', '.cache', 'heldout', 'addon.json');
  const file = statSync(addon, { throwIfNoEntry: false });
  if (file === undefined) return tryAddon(addon);
  const key = identify([realpathSync(addon), file.size, file.mtimeMs]);
  if (remembered) {
    const kept = readKept(path);
    if (kept?.key === key) return kept.facts;
  }
  const answer = tryAddon(addon);
  if (typeof answer !== 'string' && readKept(path)?.key !== key) {
    try {
      writeFileAtomic(path, JSON.stringify({ key, facts: answer }));
    } catch {
      // Asked again next time.
    }
  }
  return answer;
}

function readKept(path: string): { readonly key: string; readonly facts: TensorFlowFacts } | undefined {
  try {
    return JSON.parse(readTextIfThere(path) ?? '') as { key: string; facts: TensorFlowFacts };
  } catch {
    return undefined;
  }
}

const loadSeconds = 30;

/** What an addon says of itself, or why it does not load. */
function tryAddon(addon: string): TensorFlowFacts | string {
  const script = `
    try {
      const addon = require(process.argv[1]);
      const device = addon.isUsingGpuDevice() ? 'gpu' : 'cpu';
      const place = require.resolve(process.argv[1]);
      console.log(JSON.stringify({ version: addon.TF_Version, device, addon: place, opsProblem: addon.heldoutOpsProblem }));
    } catch (error) { console.log(error.message); process.exit(3); }`;
  const { status, signal, error, stdout } = spawnSync(process.execPath, ['-e', script, addon], {
    encoding: 'utf8',
    timeout: loadSeconds * 1000,
    // What this process was told to load beside (NODE_OPTIONS) is not for the probe.
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      TF_CPP_MIN_LOG_LEVEL: '3',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (status === 0) return JSON.parse(stdout);
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
