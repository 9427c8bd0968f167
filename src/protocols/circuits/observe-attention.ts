import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../../datasets/dataset.js';
import { showPixels } from '../../datasets/images/shown-pixels.js';
import type { CircuitFacts, ObservedImage } from '../../evaluation/circuits/facts.js';
import { createAttentionMaps } from '../../models/nac/attention-maps.js';
import { nacOptions } from '../../models/nac/from-config.js';
import { sampleSet } from '../../splits/sample.js';
import { nameLevels } from '../../variables/levels.js';
import { createProgress } from '../evaluation/progress.js';
import { holdParameters } from '../pruning/hold-parameters.js';
import type { CircuitContext, OpenCircuit } from '../pruning/open-circuit.js';
import { createFeed } from '../training/batches/feed.js';

/** Examples that attention is averaged over, at most, and those that are kept one by one. */
const averaged = 1024;
const shown = 8;
/** Side of a token in pixels. */
const tokenSide = 8;

type Observed = Pick<CircuitFacts, 'grid' | 'set' | 'examples' | 'centroids' | 'images'>;

/** Where the modules of a circuit look, on examples of the combinations that training saw. */
export async function observeAttention(
  { config, engine, material, parameters }: OpenCircuit,
  { run, signal, emit }: CircuitContext,
): Promise<Observed> {
  const { dataset, split } = material;
  const image = dataset.inputs.image as [number, number, number];
  const grid = [image[0] / tokenSide, image[1] / tokenSide] as const;
  const tokens = grid[0] * grid[1];
  const { processors } = config.model;
  const { batch_size: batchSize, seed } = config.evaluation;
  const set = ['iid', 'test'].find((name) => name in split.sets) ?? Object.keys(split.sets).at(-1)!;
  const members = split.sets[set]!;
  const some = sampleSet(members, shown, seed, `${set}-circuit`);
  const many = sampleSet(members, averaged, seed, set);
  const trainer = holdParameters(engine, parameters);
  try {
    const feed = createFeed(dataset, batchSize);
    const look = trainer.inference(createAttentionMaps(nacOptions(config.model), image));
    const observe = async (examples: Uint32Array, take: (map: Float32Array, example: number) => void) => {
      const progress = createProgress({ run, signal, emit }, examples.length, 'observe');
      for (let start = 0; start < examples.length; start += batchSize) {
        const part = examples.subarray(start, start + batchSize);
        const padded = new Uint32Array(batchSize).fill(part.at(-1)!);
        padded.set(part);
        const { attention } = look(feed.fill(padded));
        const width = processors * tokens;
        for (const [at, example] of part.entries()) {
          take(attention!.data.subarray(at * width, (at + 1) * width) as Float32Array, example);
        }
        await setImmediate();
        progress.tell(start + part.length);
      }
    };
    const sums = new Float64Array(processors * tokens);
    await observe(many, (map) => {
      for (const [at, value] of map.entries()) sums[at]! += value;
    });
    const images: ObservedImage[] = [];
    await observe(some, (map, example) =>
      images.push({ ...describeImage(dataset, example), ...encodeMaps(map, tokens) }),
    );
    return { grid, set, examples: many.length, centroids: listCentroids(sums, grid), images };
  } finally {
    trainer.dispose();
  }
}

/** Centres of attention maps `[modules, rows, columns]` in shares of the image; a token counts at its middle. */
function listCentroids(maps: Float64Array, [rows, columns]: readonly [number, number]): [number, number][] {
  const tokens = rows * columns;
  return Array.from({ length: maps.length / tokens }, (_, module) => {
    let [sum, x, y] = [0, 0, 0];
    for (let token = 0; token < tokens; token++) {
      const weight = maps[module * tokens + token]!;
      sum += weight;
      x += (weight * ((token % columns) + 0.5)) / columns;
      y += (weight * (Math.floor(token / columns) + 0.5)) / rows;
    }
    return [round(x / sum), round(y / sum)];
  });
}

function encodeMaps(map: Float32Array, tokens: number): Pick<ObservedImage, 'peaks' | 'attention'> {
  const modules = map.length / tokens;
  const peaks = Array.from({ length: modules }, (_, module) =>
    Math.max(...map.subarray(module * tokens, (module + 1) * tokens)),
  );
  const bytes = Uint8Array.from(map, (value, at) =>
    Math.round((255 * value) / peaks[Math.floor(at / tokens)]!),
  );
  return { peaks: peaks.map(round), attention: Buffer.from(bytes).toString('base64') };
}

function describeImage(
  { inputs, table, targets, fill }: Dataset,
  example: number,
): Omit<ObservedImage, 'peaks' | 'attention'> {
  const [height = 0, width = 0, channels = 1] = inputs.image ?? [];
  const values = new Float32Array(height * width * channels);
  fill('image', [example], values);
  const label = targets
    .map(({ name }) => `${name}=${nameLevels(table.variable(name))[table.column(name)[example]!]}`)
    .join(', ');
  const drawn = showPixels(values, channels);
  const pixels = Buffer.from(drawn.pixels).toString('base64');
  return { example, label, width, height, channels: drawn.channels, pixels };
}

function round(value: number): number {
  return Math.round(1e4 * value) / 1e4;
}
