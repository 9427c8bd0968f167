import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { timestamp } from '../../src/core/clock.js';
import { formatError } from '../../src/core/errors.js';
import { writeFileAtomic } from '../../src/core/files.js';
import { fromRoot } from '../../src/core/paths.js';
import type { Row } from './row.js';
import type { WorkerKind } from './steps/worker.js';

const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
  startup: async () => (await import('./startup.js')).benchStartup(),
  composition: async () => (await import('./composition.js')).benchComposition(),
  renderer: async () => (await import('./renderer.js')).benchRenderer(),
  tables: async () => (await import('./tables.js')).benchTables(),
  recording: async () => (await import('./recording.js')).benchRecording(),
  steps: async () => (await import('./steps/index.js')).benchSteps(),
};

/**
 * `npm run bench [-- PART ...]`: measures the parts, prints medians, keeps raw times in results/bench/.
 * `--setup-peer` makes a private Python with PyTorch to compare with.
 */
export async function main(_program: string, words: readonly string[]): Promise<number> {
  if (words[0] === '--setup-peer') return (await import('./peer.js')).setupPeer();
  if (words[0] === '--serve-steps') return await serve(words[1] as WorkerKind, words[2]!);
  if (words[0] === '--serve-recording') {
    await (await import('./recording.js')).serveRecording();
    return await new Promise<number>(() => {});
  }
  const unknown = words.filter((word) => !(word in parts));
  if (unknown.length > 0) {
    process.stderr.write(
      `error: there is no bench part '${unknown[0]}'\n  → npm run bench -- ${Object.keys(parts).join(' ')}\n`,
    );
    return 2;
  }
  const machine = {
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
  };
  process.stdout.write(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}\n\n`);
  try {
    for (const name of words.length > 0 ? words : Object.keys(parts)) {
      const rows = await parts[name]!();
      for (const row of rows) process.stdout.write(`${describe(row)}\n`);
      const path = join(fromRoot('results'), 'bench', `${name}.json`);
      writeFileAtomic(path, `${JSON.stringify({ time: timestamp(), machine, rows }, null, 2)}\n`);
    }
    process.stdout.write('\nRaw times: results/bench/*.json. Medians; in parentheses the range.\n');
    return 0;
  } catch (error) {
    process.stderr.write(`${formatError(error)}\n`);
    return 1;
  }
}

const nameWidth = 60;

/** What `steps` starts to measure in a process of its own. */
async function serve(kind: WorkerKind, threads: string): Promise<number> {
  const { serveSteps } = await import('./steps/worker.js');
  await serveSteps(kind, threads === 'auto' ? 'auto' : Number(threads));
  return 0;
}

function describe(row: Row): string {
  if ('remark' in row) return `${row.name.padEnd(nameWidth)} ${row.remark}`;
  const digits = (value: number) =>
    value >= 1000
      ? Math.round(value).toLocaleString('en-US')
      : value >= 100
        ? value.toFixed(0)
        : value.toFixed(value >= 10 ? 1 : 2);
  const range = `(${digits(row.minimum)} to ${digits(row.maximum)}, n = ${row.repeats})`;
  const rest = [row.goal === undefined ? '' : `goal ${row.goal}`, row.note ?? ''].filter(Boolean).join('; ');
  return `${row.name.padEnd(nameWidth)} ${digits(row.median).padStart(9)} ${row.unit} ${range}${rest === '' ? '' : `  ${rest}`}`;
}
