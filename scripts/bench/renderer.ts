import { monotonicSeconds } from '../../src/core/clock.js';
import { sizeOf } from '../../src/core/numbers/shape.js';
import { type DatasetConfig, openDataset } from '../../src/datasets/index.js';
import { countUp, shuffle } from '../../src/random/draw.js';
import { stream } from '../../src/random/stream.js';
import { type BenchRow, describeTimes } from './row.js';

const batchSize = 64;
const images = 320 * batchSize;
const repeats = 5;

/** How many images are drawn per second on one core, batch by batch, as float32. */
export async function benchRenderer(): Promise<BenchRow[]> {
  return [
    ...(await benchDataset({ name: 'dsprites' }, 'dSprites', '20,000 or more')),
    ...(await benchDataset({ name: 'sprites' }, 'sprites of 64 x 64 x 3', '10,000 or more')),
    ...(await benchDataset({ name: 'sprites', side: 32 }, 'sprites of 32 x 32 x 3', '20,000 or more')),
  ];
}

async function benchDataset(config: DatasetConfig, name: string, goal: string): Promise<BenchRow[]> {
  const dataset = await openDataset(config, { dataFolder: 'data' });
  const out = new Float32Array(batchSize * sizeOf(dataset.inputs.image!));
  const stride = Math.floor(dataset.table.size / images);
  const ordered = countUp(images).map((index) => index * stride);
  const measure = (examples: Uint32Array): number => {
    const start = monotonicSeconds();
    for (let at = 0; at < images; at += batchSize) {
      dataset.fill('image', examples.subarray(at, at + batchSize), out);
    }
    return images / (monotonicSeconds() - start);
  };
  const bench = (order: string, examples: Uint32Array): BenchRow => {
    measure(examples);
    const raw = Array.from({ length: repeats }, () => measure(examples));
    return { name: `${name}, images drawn in ${order}`, ...describeTimes(raw, 'images/s'), goal };
  };
  return [bench('order', ordered), bench('random order', shuffle(stream(0, 'bench'), ordered.slice()))];
}
