import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { timestamp } from '../../src/core/clock.js';
import { formatError } from '../../src/core/errors.js';
import { writeFileAtomic } from '../../src/core/files/files.js';
import { fromRoot } from '../../src/core/files/paths.js';
import type { BenchOptions } from './options.js';
import type { Row } from './row.js';
import { describeRow } from './row.js';
import { serve } from './serve.js';

type Part = (options: BenchOptions) => Promise<Row[]>;

const parts: Readonly<Record<string, Part>> = {
  startup: async () => (await import('./startup.js')).benchStartup(),
  composition: async () => (await import('./composition.js')).benchComposition(),
  renderer: async () => (await import('./renderer.js')).benchRenderer(),
  tables: async () => (await import('./tables.js')).benchTables(),
  domainbed: async () => (await import('./domainbed.js')).benchDomainBed(),
  fairness: async () => (await import('./fairness.js')).benchFairness(),
  probes: async () => (await import('./probes.js')).benchProbes(),
  attacks: async () => (await import('./attacks/index.js')).benchAttacks(),
  recording: async () => (await import('./recording.js')).benchRecording(),
  steps: async () => (await import('./steps/index.js')).benchSteps(),
};
/** What takes long runs only when it is named, keeps each part that is finished, and has a `--quick` form. */
const longParts: Readonly<Record<string, Part>> = {
  nac: async () => (await import('./nac/index.js')).benchNac(),
  environments: async (options) => (await import('./environments/index.js')).benchEnvironments(options),
  'fine-tuning': async (options) => (await import('./fine-tuning/index.js')).benchFineTuning(options),
  memory: async (options) => (await import('./memory/index.js')).benchMemory(options),
  replicas: async (options) => (await import('./replicas/index.js')).benchReplicas(options),
  sweep: async (options) => (await import('./sweep/index.js')).benchSweep(options),
};
const allParts = { ...parts, ...longParts };
const flags = ['--quick', '--again'];
const runsFlag = /^--runs=([1-9]\d?)$/;

/**
 * `npm run bench [-- PART ...]`: measures the parts, prints medians, keeps raw times in results/bench/. `nac`,
 * `fine-tuning`, `memory`, `replicas` and `sweep` take long: they run only when named, or with `all`. Of all but `nac`,
 * `--quick` runs short forms; of `memory` and `sweep`, `--again` repeats what was finished before, and `--runs=2` takes 2
 * runs for the sweep's 8.
 * `--setup-peer` makes a private Python with PyTorch to compare with.
 */
export async function main(_program: string, words: readonly string[]): Promise<number> {
  if (words[0] === '--setup-peer') return (await import('./peer.js')).setupPeer();
  if (words[0]?.startsWith('--serve-')) return await serve(words[0], words.slice(1));
  const runs = words.find((word) => runsFlag.test(word));
  const names = words.filter((word) => !flags.includes(word) && word !== runs);
  const unknown = names.find((name) => name !== 'all' && !(name in allParts));
  if (unknown !== undefined) {
    const all = [...Object.keys(allParts), 'all'].join(' ');
    process.stderr.write(
      `error: there is no bench part '${unknown}'\n  → npm run bench -- ${all}\n  → memory, replicas and sweep take ${flags.join(' and ')}, sweep --runs=N\n`,
    );
    return 2;
  }
  const chosen = names.includes('all') ? Object.keys(allParts) : names;
  const options: BenchOptions = {
    quick: words.includes('--quick'),
    again: words.includes('--again'),
    runs: runs === undefined ? undefined : Number(runsFlag.exec(runs)![1]),
  };
  const machine = {
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
  };
  process.stdout.write(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}\n\n`);
  try {
    for (const name of chosen.length > 0 ? chosen : Object.keys(parts)) {
      const rows = await allParts[name]!(options);
      for (const row of rows) process.stdout.write(`${describeRow(row)}\n`);
      const file = `${name}${options.quick && name in longParts ? '-quick' : ''}.json`;
      const path = join(fromRoot('results'), 'bench', file);
      writeFileAtomic(path, `${JSON.stringify({ time: timestamp(), machine, rows }, null, 2)}\n`);
    }
    process.stdout.write('\nRaw times: results/bench/*.json. Medians; in parentheses the range.\n');
    return 0;
  } catch (error) {
    process.stderr.write(`${formatError(error)}\n`);
    return 1;
  }
}
