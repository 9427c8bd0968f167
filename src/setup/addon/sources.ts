import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTextIfThere } from '../../core/files/files.js';
import { projectRoot } from '../../core/files/paths.js';
import { sha256 } from '../../core/hash.js';

/** The C++ of this project. */
export interface Sources {
  readonly loader: string;
  /** Included before each file of the package's binding. */
  readonly ownedTensor: string;
  /** Of our own ops. */
  readonly ops: readonly string[];
}

export function findSources(): Sources {
  return {
    loader: addonSource('loader.cc'),
    ownedTensor: addonSource('owned-tensor.h'),
    ops: listOps().filter((path) => path.endsWith('.cc')),
  };
}

/** Of all that decides the bytes of what is built of them. */
export function hashSources(): string {
  const { loader, ownedTensor } = findSources();
  const texts = [loader, ownedTensor, ...listOps()].map((path) => readTextIfThere(path) ?? '');
  return sha256(JSON.stringify([opsFlags, texts]));
}

const addonSource = (name: string) => join(projectRoot(), 'src', 'setup', 'addon', name);

function listOps(): string[] {
  const folder = join(projectRoot(), 'src', 'engine', 'kernels', 'processor');
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

/** Loops become vectors; sums change their order where the source says so, and nowhere else. */
const arithmetic = [
  '-O3',
  '-fopenmp-simd',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-ffp-contract=fast',
] as const;

/** What our ops are compiled for; the loader takes what fits. */
const processors = [
  { name: 'avx2', flags: ['-mavx2', '-mfma'] },
  {
    name: 'avx512',
    flags: [...['-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mfma'], '-mprefer-vector-width=512'],
  },
] as const;

/** How our ops are compiled. */
export const opsFlags = { arithmetic, processors } as const;
