import { join } from 'node:path';
import { projectRoot } from '../../../src/core/files/paths.js';
import { describeAge, measureOnce } from '../kept.js';
import { type BenchOptions, say } from '../options.js';
import type { Row } from '../row.js';
import { lackOfAddon } from '../side-by-side.js';
import { MeasuringProcess } from '../steps/process.js';
import { fitTrend } from './trend.js';
import { type MemoryPart, type MemoryRequest, memoryParts, type Samples } from './worker.js';

const mebibyte = 2 ** 20;
/** Growth over the last half of the samples, relative to the memory there. */
const limit = 0.02;

const titles: Readonly<Record<MemoryPart, string>> = {
  'tiny-mlp': 'compiled steps of the tiny MLP',
  'small-cnn': 'compiled steps of a small CNN',
  'made-and-disposed': 'compiled steps made, run and disposed of',
};

function countOf(part: MemoryPart, quick: boolean): number {
  if (part === 'made-and-disposed') return quick ? 20 : 200;
  return quick ? 1000 : 20_000;
}

/**
 * Resident memory of a process that trains, each part in a process of its own: as it is, and with JavaScript's garbage
 * collected before each sample, which shows what is kept.
 */
export async function benchMemory(options: BenchOptions): Promise<Row[]> {
  const lack = lackOfAddon('memory');
  if (lack !== undefined) return [lack];
  const rows: Row[] = [];
  for (const part of memoryParts) {
    for (const collect of [false, true]) rows.push(await benchPart(part, collect, options));
  }
  return rows;
}

async function benchPart(part: MemoryPart, collect: boolean, options: BenchOptions): Promise<Row> {
  const count = countOf(part, options.quick);
  const name = `memory: ${count.toLocaleString('en-US')} ${titles[part]}${collect ? ', garbage collected' : ''}`;
  const request: MemoryRequest = { part, count, collect };
  const key = `memory-${part}${collect ? '-collected' : ''}`;
  const kept = await measureOnce(key, request, options, async () => {
    say(name);
    const [worker] = await MeasuringProcess.start(process.execPath, [
      '--expose-gc',
      join(projectRoot(), 'scripts', 'heldout.mjs'),
      'bench',
      '--serve-memory',
    ]);
    try {
      return (await worker.ask({ ...request })) as unknown as Samples;
    } finally {
      worker.end();
    }
  });
  return { name, remark: `${describe(part, kept.value, collect && !options.quick)}${describeAge(kept)}` };
}

/** @param judged Not the short form, which hardly warms up, nor garbage, which V8 collects when it likes. */
function describe(part: MemoryPart, { counts, bytes }: Samples, judged: boolean): string {
  const half = Math.floor(counts.length / 2);
  const { slope, mean } = fitTrend(counts.slice(half), bytes.slice(half));
  const grown = (slope * (counts.at(-1)! - counts[half]!)) / mean;
  const megabytes = (value: number) => `${(value / mebibyte).toFixed(1)} MiB`;
  const unit = part === 'made-and-disposed' ? 100 : 1000;
  const what = part === 'made-and-disposed' ? 'of them' : 'steps';
  const reached = Math.abs(grown) <= limit ? 'reached' : 'not reached';
  const verdict = judged ? `, goal within ${100 * limit} % (${reached})` : '';
  return [
    `start ${megabytes(bytes[0]!)}, end ${megabytes(bytes.at(-1)!)}, peak ${megabytes(Math.max(...bytes))}`,
    `${(slope * unit) / mebibyte >= 0 ? '+' : ''}${((slope * unit) / mebibyte).toFixed(2)} MiB per ${unit.toLocaleString('en-US')} ${what}`,
    `${(100 * grown).toFixed(2)} % over the last half${verdict}`,
  ].join('; ');
}
