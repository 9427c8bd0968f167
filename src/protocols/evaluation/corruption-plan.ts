import { resolve } from 'node:path';
import type { ExperimentConfig } from '../../config/schema/root.js';
import { HeldoutError } from '../../core/errors.js';
import {
  type CorruptionKind,
  corruptionNames,
  leastSide,
  readFrost,
  type Scale,
  scaleOf,
} from '../../corruptions/index.js';
import type { Dataset } from '../../datasets/dataset.js';
import type { JobContext } from '../context.js';
import type { Material } from '../prepare.js';
import { findInDistribution, requireSets } from './test-sets.js';

type Config = NonNullable<ExperimentConfig['evaluation']['corruptions']>;

/** What is to be corrupted, and how. */
export interface CorruptionPlan {
  readonly sets: readonly string[];
  readonly scale: Scale;
  /** Kinds and severities that the images are large enough for, severity by severity. */
  readonly corruptions: readonly { readonly kind: CorruptionKind; readonly severity: number }[];
  /** What they are too small for: `glass_blur 5 (10 pixels)`. */
  readonly skipped: readonly string[];
  readonly frost: Awaited<ReturnType<typeof readFrost>>;
}

const place = 'evaluation.corruptions';

/**
 * Follows from the config and the data; undefined where nothing is asked for. Throws HeldoutError where the dataset has no
 * images or they are too small, a set is not in the split, and photographs of frost are missing.
 */
export async function planCorruptions(
  { config, dataFolder }: Pick<JobContext, 'config' | 'dataFolder'>,
  material: Material,
): Promise<CorruptionPlan | undefined> {
  const { corruptions: asked } = config.evaluation;
  if (asked === undefined) return undefined;
  const [height, width] = imageSize(material.dataset);
  const sets = asked.sets ?? [findInDistribution(material, `${place}.sets`, true)];
  requireSets(material, sets, `${place}.sets`);
  const scale = asked.scale === 'auto' ? scaleOf(height, width) : asked.scale;
  const kinds = listKinds(asked);
  const all = [...asked.severities]
    .sort((a, b) => a - b)
    .flatMap((severity) =>
      kinds.map((kind) => ({ kind, severity, least: leastSide(kind, severity, scale) })),
    );
  const side = Math.min(height, width);
  const skipped = all
    .filter(({ least }) => least > side)
    .map(({ kind, severity, least }) => `${kind} ${severity} (${least} pixels)`);
  const corruptions = all.filter(({ least }) => least <= side);
  if (skipped.length > 0 && asked.too_small === 'refuse') throw refuseSmall(side, skipped);
  const needsFrost = kinds.includes('frost');
  const frost = needsFrost
    ? await readFrost(resolve(dataFolder, asked.frost!), { height, width, scale })
    : [];
  return { sets, scale, corruptions, skipped, frost };
}

function listKinds({ kinds, frost }: Config): readonly CorruptionKind[] {
  if (kinds === 'assay') return corruptionNames.filter((kind) => kind !== 'glass_blur' && kind !== 'frost');
  if (kinds === 'all') return corruptionNames.filter((kind) => kind !== 'frost' || frost !== null);
  if (kinds.includes('frost') && frost === null) {
    throw new HeldoutError({
      code: 'E_CORRUPTIONS_FROST',
      message: 'frost is made of photographs, and none are named',
      place: `${place}.frost`,
      hints: [`+${place}.frost=FOLDER`, `leave frost out of ${place}.kinds`],
    });
  }
  return [...new Set(kinds)];
}

function imageSize({ name, inputs }: Dataset): readonly [height: number, width: number] {
  const [height, width, channels] = inputs.image ?? [];
  if (height !== undefined && width !== undefined && channels !== undefined && channels <= 3) {
    return [height, width];
  }
  throw new HeldoutError({
    code: 'E_CORRUPTIONS_INPUT',
    message: `the dataset ${name} has no images of one to three channels to corrupt`,
    place,
    hints: ['leave the key out'],
  });
}

function refuseSmall(side: number, skipped: readonly string[]): HeldoutError {
  return new HeldoutError({
    code: 'E_CORRUPTIONS_SMALL',
    message: `images of ${side} pixels are too small for ${skipped.join(', ')}`,
    place,
    hints: [
      `+${place}.too_small=skip leaves these away`,
      `+${place}.scale=cifar has the milder constants of small images`,
    ],
  });
}
