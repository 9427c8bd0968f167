import { monotonicSeconds } from '../../src/core/clock.js';
import { openDataset } from '../../src/datasets/index.js';
import { countUp, shuffle } from '../../src/random/draw.js';
import { stream } from '../../src/random/stream.js';
import { type BenchRow, describeTimes } from './row.js';

const batchSize = 64;
const images = 320 * batchSize;
const repeats = 5;

/** How many dSprites images are drawn per second on one core, batch by batch, as float32. */
export async function benchRenderer(): Promise<BenchRow[]> {
  const dataset = await openDataset({ name: 'dsprites' }, { dataFolder: 'data' });
  const out = new Float32Array(batchSize * 64 * 64);
  const stride = Math.floor(dataset.table.size / images);
  const ordered = countUp(images).map((index) => index * stride);
  const measure = (examples: Uint32Array): number => {
    const start = monotonicSeconds();
    for (let at = 0; at < images; at += batchSize) {
      dataset.fill('image', examples.subarray(at, at + batchSize), out);
    }
    return images / (monotonicSeconds() - start);
  };
  const bench = (name: string, examples: Uint32Array): BenchRow => {
    measure(examples);
    const raw = Array.from({ length: repeats }, () => measure(examples));
    return { name, ...describeTimes(raw, 'images/s'), goal: '20,000 or more' };
  };
  return [
    bench('dSprites, images drawn in order', ordered),
    bench('dSprites, images drawn in random order', shuffle(stream(0, 'bench'), ordered.slice())),
  ];
}
