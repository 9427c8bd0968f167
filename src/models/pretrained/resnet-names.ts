import type { ResNetOptions } from '../resnet.js';
import type { Counterpart } from './counterpart.js';

const endings: Readonly<Record<string, string>> = {
  kernel: 'weight',
  scale: 'weight',
  bias: 'bias',
  shift: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
};
/** Places of the layers of a deep stem, which is a sequence with ReLU in between; its last norm stands outside. */
const deepStem: Readonly<Record<string, string>> = {
  ...{ conv1: 'conv1.0', norm1: 'conv1.1', conv2: 'conv1.3', norm2: 'conv1.4' },
  ...{ conv3: 'conv1.6', norm3: 'bn1' },
};

/** Where the parameters of a ResNet stand in timm's files; torchvision's have the same names. */
export function resNetCounterpart(
  own: string,
  { stem, shortcut }: Pick<ResNetOptions, 'stem' | 'shortcut'>,
): Counterpart {
  const path = own.split('/');
  const ending = path.pop()!;
  const layer = path.at(-1)!;
  const name = `${layerName(path, layer, stem, shortcut)}.${endings[ending]}`;
  const layout = ending !== 'kernel' ? 'same' : layer === 'read-out' ? 'dense' : 'convolution';
  return { name, layout };
}

function layerName(
  path: readonly string[],
  layer: string,
  stem: ResNetOptions['stem'],
  shortcut: ResNetOptions['shortcut'],
): string {
  if (layer === 'read-out') return 'fc';
  if (path[0] === 'stem') return stem === 'deep' ? deepStem[layer]! : layer.replace('norm', 'bn');
  const [stage, block] = path.map((part) => Number(part.replace(/\D/g, '')));
  const within = `layer${stage}.${block! - 1}`;
  // The mean, which has no parameters, comes first.
  const first = shortcut === 'mean' ? 1 : 0;
  if (layer === 'shortcut') return `${within}.downsample.${first}`;
  if (layer === 'shortcut-norm') return `${within}.downsample.${first + 1}`;
  return `${within}.${layer.replace('norm', 'bn')}`;
}
