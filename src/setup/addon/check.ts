import { join } from 'node:path';
import { execa } from 'execa';
import { HeldoutError } from '../../core/errors.js';
import { isJsonObject } from '../../core/json.js';
import type { Library } from '../library/library.js';
import { differenceFromKnown, type StepResult, tolerance } from './known-step.js';

export interface Checked {
  /** What the library says of itself. */
  readonly version: string;
  readonly device: 'cpu' | 'gpu';
}

const timeLimit = 180_000;

/** Takes the known training step in a process of its own. Throws where the addon does not load or computes wrongly. */
export async function checkAddon(
  packageFolder: string,
  addon: string,
  library: Library,
  signal: AbortSignal,
): Promise<Checked> {
  const program = join(process.env.HELDOUT_BUILD ?? '', 'training-check.mjs');
  const result = await execa(process.execPath, [program, packageFolder, addon], {
    reject: false,
    cancelSignal: signal,
    timeout: timeLimit,
    stdin: 'ignore',
    stderr: 'ignore',
    env: { TF_CPP_MIN_LOG_LEVEL: '3', NVIDIA_TF32_OVERRIDE: '0', TF_FORCE_GPU_ALLOW_GROWTH: 'true' },
  });
  signal.throwIfAborted();
  const answer = parse(result.stdout);
  if (result.exitCode === 0 && isJsonObject(answer)) {
    const { version, device, result: found } = answer as unknown as Checked & { readonly result: StepResult };
    const difference = differenceFromKnown(found);
    if (difference <= tolerance) return { version, device };
    throw refuse(
      library,
      `TensorFlow ${version} computes a training step wrongly here: it differs from the known result by ${difference.toExponential(1)}, relative`,
      [fetchAnother, wasmServes],
    );
  }
  if (isJsonObject(answer) && typeof answer.error === 'string') throw explainLoading(library, answer.error);
  throw explainCrash(
    library,
    result.timedOut ? 'no answer' : (result.signal ?? `exit code ${result.exitCode}`),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const wasmServes = 'nothing was changed: the wasm tier, or the addon that was in use before, serves on';
const fetchAnother = 'npm run setup -- --cpu  fetches a TensorFlow that is known to fit';

function refuse(library: Library, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_SETUP_CHECK', message, place: library.site, hints, exitCode: 1 });
}

/** What the system's loader says, in the words of what to do. */
export function explainLoading(library: Library, reason: string): HeldoutError {
  const line = reason.split('\n', 1)[0] ?? '';
  const [, missing] = /version [`']((?:GLIBC|GLIBCXX|CXXABI)_[\d.]+)' not found/.exec(line) ?? [];
  if (missing !== undefined) {
    return refuse(library, `this system's C library is too old for this TensorFlow: ${missing} is missing`, [
      'a newer system is needed, or --from a TensorFlow that was made for this one',
      wasmServes,
    ]);
  }
  const [, symbol] = /undefined symbol: (\S+)/.exec(line) ?? [];
  if (symbol !== undefined) {
    return refuse(library, `this TensorFlow does not fit: its libraries lack ${symbol}`, [
      fetchAnother,
      wasmServes,
    ]);
  }
  return refuse(library, `this libtensorflow does not load: ${line}`, [fetchAnother, wasmServes]);
}

/** What ended the process of the check. */
export function explainCrash(library: Library, how: string): HeldoutError {
  if (how === 'SIGILL') {
    return refuse(
      library,
      'this TensorFlow was made for another processor: it uses instructions that this one lacks (SIGILL)',
      ['npm run setup -- --from DIR, with a TensorFlow made for this processor', wasmServes],
    );
  }
  return refuse(library, `this libtensorflow is broken: it ended the process of the check (${how})`, [
    fetchAnother,
    wasmServes,
  ]);
}
