import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MODELS } from '../../../config/schema/sections/models.js';
import type { NamedArray } from '../../../engine/engine.js';
import type { PretrainedConfig } from '../adopt-weights.js';

/** What timm answers: see scripts/golden/pretrained.py. */
export interface PretrainedGolden {
  readonly nets: readonly {
    readonly file: string;
    readonly side: number;
    readonly logits: readonly number[];
  }[];
  readonly given: readonly number[];
  readonly positions: readonly {
    readonly to: readonly [number, number];
    readonly values: readonly number[];
  }[];
}

export function readPretrained(): PretrainedGolden {
  return JSON.parse(readFileSync(weightsPath('golden.json'), 'utf8')) as PretrainedGolden;
}

export function weightsPath(file: string): string {
  return fileURLToPath(new URL(`./${file}`, import.meta.url));
}

/** The models of the files. */
export const smallModels: Readonly<Record<string, PretrainedConfig>> = {
  'resnet-d': MODELS.resnet.parse({
    ...{
      name: 'resnet',
      block: 'bottleneck',
      layers: [1, 2, 1, 1],
      width: 4,
      stem: 'deep',
      shortcut: 'mean',
    },
  }),
  'resnet-basic': MODELS.resnet.parse({ name: 'resnet', layers: [2, 1, 1, 1], width: 4 }),
  vit: MODELS.vit.parse({ name: 'vit', width: 32, layers: 2, heads: 2, patch: 8 }),
};

/** The pixels of the script. */
export function closedFormImage(side: number): NamedArray {
  const data = Float32Array.from({ length: 3 * side * side }, (_, at) => ((37 * at) % 101) / 50 - 1);
  return { shape: [1, side, side, 3], data };
}
