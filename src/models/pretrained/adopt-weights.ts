import type { NamedArray, NamedArrays } from '../../engine/engine.js';
import type { ModelConfig } from '../index.js';
import type { Model, ModelShapes } from '../model.js';
import { arrange, type Own, type WeightsFile } from './counterpart.js';
import { requireFit } from './require-fit.js';
import { type Grid, gridOf, resizePositions } from './resize-positions.js';
import { resNetCounterpart } from './resnet-names.js';
import { vitCounterpart } from './vit-names.js';

/** Models whose weights may come from a file. */
export type PretrainedConfig = Extract<ModelConfig, { name: 'resnet' | 'vit' }>;

export interface Adopted {
  /** Of the model, but for a read-out that is new. */
  readonly parameters: NamedArrays;
  /** What was done to the file's arrays beside taking them. */
  readonly notes: readonly string[];
}

const head = 'read-out/';

/**
 * The parameters of a ResNet or a ViT from a file with the names of timm or torchvision. A read-out for another number of
 * classes is left out, positions for another number of patches are interpolated. Throws HeldoutError that lists what the
 * file lacks, what it has beyond, and what is shaped otherwise.
 */
export function adoptWeights(
  model: Model,
  config: PretrainedConfig,
  { image = [] }: ModelShapes['inputs'],
  file: WeightsFile,
): Adopted {
  const own = Object.entries(model.parameters).map(([name, { shape }]) => ({
    ...{ name, shape },
    there: config.name === 'vit' ? vitCounterpart(name) : resNetCounterpart(name, config),
  }));
  const isNew = headIsNew(own, file);
  const grid: Grid = config.name === 'vit' ? [image[0]! / config.patch, image[1]! / config.patch] : [0, 0];
  const taken = own.filter(({ name }) => !(isNew && name.startsWith(head)));
  requireFit(own, taken, file, config.name);
  const notes: string[] = isNew ? [describeHead(own, file)] : [];
  const cache = new Map<string, Float32Array>();
  const parameters = taken.map(({ name, shape, there }): [string, NamedArray] => {
    const data = cache.get(there.name) ?? file.read(there.name);
    // An array that is several parameters is read once.
    if (there.part !== undefined && there.part[0] + 1 < there.part[1]) cache.set(there.name, data);
    else cache.delete(there.name);
    const found = gridOf(file.shapes[there.name]!);
    if (name !== 'positions' || (found[0] === grid[0] && found[1] === grid[1])) {
      return [name, { shape, data: arrange(data, shape, there) }];
    }
    notes.push(`positions of ${found.join(' x ')} patches are interpolated to ${grid.join(' x ')}`);
    return [name, { shape, data: resizePositions(data, shape[1]!, found, grid) }];
  });
  return { parameters: Object.fromEntries(parameters), notes };
}

function headOf(own: readonly Own[]): Own {
  return own.find(({ name }) => name === `${head}kernel`)!;
}

/** Whether the file has no read-out of as many classes. */
function headIsNew(own: readonly Own[], { shapes }: WeightsFile): boolean {
  const { shape, there } = headOf(own);
  const found = shapes[there.name];
  return found === undefined || (found[1] === shape[0] && found[0] !== shape[1]);
}

function describeHead(own: readonly Own[], { shapes }: WeightsFile): string {
  const { shape, there } = headOf(own);
  const found = shapes[there.name];
  const outputs = `${shape[1]} output${shape[1] === 1 ? '' : 's'}`;
  return `the read-out is new, with ${outputs}: the file's has ${found === undefined ? 'none' : found[0]}`;
}
