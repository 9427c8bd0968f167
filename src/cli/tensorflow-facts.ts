import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { findOpsProblem } from '../engine/backends/addon.js';
import type { TensorFlowFacts } from '../engine/backends/probe.js';
import { readInstall } from '../setup/addon/install.js';
import { listCudaLibraries } from '../setup/library/library.js';
import { type Driver, findDriver, findDriverFault } from '../setup/system/driver.js';
import { shortenHome } from '../setup/words.js';

/** What `doctor` tells of a TensorFlow that works here. */
export interface TensorFlowDetails {
  readonly version: string;
  /** `cpu` and `cuda` were fetched by setup, `from` was there before; null for an addon that setup did not build. */
  readonly variant: 'cpu' | 'cuda' | 'from' | null;
  readonly device: 'cpu' | 'gpu';
  readonly gpus: readonly string[];
  readonly driver: string | null;
  /** Why a GPU cannot be used; null where it can. */
  readonly driverFault: string | null;
  /** `nvidia-cudnn-cu12 9.28.0.42`. */
  readonly cuda: readonly string[];
  /** Threads within an op, and ops that run at once. */
  readonly threads: { readonly intra: number; readonly inter: number };
  /** Why Heldout's own ops are not in use; null where they are. */
  readonly opsProblem: string | null;
  /** The folder that holds `tensorflow/`, or the addon. */
  readonly place: string;
}

/** @param threads `engine.threads` of the config. */
export function inspectTensorFlow(facts: TensorFlowFacts, threads: 'auto' | number): TensorFlowDetails {
  const install = readInstall(dirname(facts.addon));
  const driver: Driver | undefined = findDriver();
  const site = install?.tensorflow.site;
  return {
    version: facts.version,
    variant: install?.tensorflow.variant ?? null,
    device: facts.device,
    gpus: driver?.gpus ?? [],
    driver: driver?.version ?? null,
    driverFault: findDriverFault(driver) ?? null,
    cuda: site === undefined ? [] : listCudaLibraries(site),
    threads: {
      intra: threads === 'auto' ? threadsOf('TF_NUM_INTRAOP_THREADS') : threads,
      inter: threads === 'auto' ? threadsOf('TF_NUM_INTEROP_THREADS') : 1,
    },
    opsProblem:
      facts.device === 'gpu' ? "a GPU has TensorFlow's" : (findOpsProblem(facts.opsProblem) ?? null),
    place: site ?? facts.addon,
  };
}

/** Why a build for CUDA runs on the CPU, in a sentence; undefined where there is nothing to say. */
export function explainCpu({ device, addon }: TensorFlowFacts): string | undefined {
  if (device === 'gpu' || readInstall(dirname(addon))?.tensorflow.variant !== 'cuda') return undefined;
  const fault = findDriverFault(findDriver()) ?? 'the driver works, so the CUDA libraries or the GPU do not';
  return `TensorFlow for CUDA runs on the CPU: ${fault}`;
}

/** TensorFlow itself takes all cores where the variable does not say. */
function threadsOf(variable: string): number {
  const set = Number(process.env[variable]);
  return set > 0 ? set : availableParallelism();
}

const variants = {
  cpu: "setup's build for the CPU",
  cuda: "setup's build for CUDA 12",
  from: 'a TensorFlow that was here',
} as const;

/** The lines below the tier's own. */
export function describeDetails(details: TensorFlowDetails): string[] {
  const { variant, device, gpus, cuda, threads, driver, driverFault, opsProblem, place } = details;
  const what = variant === null ? 'an addon that setup did not build' : variants[variant];
  const gpu = device === 'gpu' ? `device: ${gpus.join(', ') || 'a GPU'}` : 'device: the CPU';
  const why = device === 'gpu' ? `driver ${driver}` : (driverFault ?? `driver ${driver}`);
  return [
    `${what}, in ${shortenHome(place)}`,
    `${gpu} (${why})`,
    `threads: ${threads.intra} within an op, ${threads.inter} op${threads.inter === 1 ? '' : 's'} at once`,
    `Heldout's own ops: ${opsProblem === null ? 'in use' : `not in use (${opsProblem})`}`,
    `CUDA libraries: ${cuda.map(shortenCuda).join(', ') || 'none'}`,
    ...(device === 'cpu' && driverFault === null && variant !== 'cuda'
      ? ['→ npm run setup -- --cuda  (uses the GPU)']
      : []),
  ];
}

/** `nvidia-cuda-runtime-cu12 12.9.79` to `cuda-runtime 12.9.79`. */
function shortenCuda(name: string): string {
  return name.replace(/^nvidia-/, '').replace(/-cu\d+ /, ' ');
}
