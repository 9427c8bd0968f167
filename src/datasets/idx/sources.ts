import type { DataFile } from '../data-files.js';
import type { CifarLayout } from '../readers/cifar.js';
import { cifar100Classes } from './cifar100-classes.js';

/** Two idx files that belong together, and what is true of all their examples. */
export interface IdxPair {
  readonly images: string;
  readonly labels: string;
  /** Files of the binary version that have the same examples, in order. */
  readonly binaries?: readonly string[];
  /** The level that the pair is, by variable: `{ part: 'train' }`. */
  readonly levels: Readonly<Record<string, string>>;
}

/** Images with classes in idx files, as somebody published them. */
export interface IdxSource {
  readonly name: string;
  /** Folders below the data folder where the files may stand. */
  readonly folders: readonly string[];
  readonly pairs: readonly IdxPair[];
  /** What each label means. */
  readonly classes: readonly (string | number)[];
  /** Pixels of a row and of a column as they are published. */
  readonly side: number;
  /** How files of the binary version are laid out, and folders below the data folder where they may stand. */
  readonly binary?: CifarLayout & { readonly folders: readonly string[] };
  /** Where the files come from. */
  readonly address: string;
}

const digits: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

function trainAndTest(train: string, test: string, axes: number): readonly IdxPair[] {
  return [
    { part: 'train', prefix: train },
    { part: 'test', prefix: test },
  ].map(({ part, prefix }) => ({
    images: `${prefix}-images-idx${axes}-ubyte`,
    labels: `${prefix}-labels-idx1-ubyte`,
    levels: { part },
  }));
}

/** Handwritten digits (LeCun et al. 1998). */
export const mnistSource: IdxSource = {
  name: 'mnist',
  folders: ['mnist', 'MNIST/raw'],
  pairs: trainAndTest('train', 't10k', 3),
  classes: digits,
  side: 28,
  address: 'yann.lecun.com/exdb/mnist, or its mirror ossci-datasets.s3.amazonaws.com/mnist',
};

/** Articles of clothing (Xiao et al. 2017). */
export const fashionMnistSource: IdxSource = {
  name: 'fashion_mnist',
  folders: ['fashion-mnist', 'FashionMNIST/raw'],
  pairs: trainAndTest('train', 't10k', 3),
  classes: [
    ...['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat'],
    ...['Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  ],
  side: 28,
  address: 'github.com/zalandoresearch/fashion-mnist',
};

/** Digits from envelopes (Hull 1994). */
export const uspsSource: IdxSource = {
  name: 'usps',
  folders: ['usps'],
  pairs: trainAndTest('train', 'test', 3),
  classes: digits,
  side: 16,
  address:
    'www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass.html#usps, as idx files (data/README.md says how)',
};

/** Small photographs (Krizhevsky 2009). */
export const cifar10Source: IdxSource = {
  name: 'cifar10',
  folders: ['cifar10', 'cifar10-jpg-subset'],
  pairs: withBinaries(
    trainAndTest('train', 'test', 4),
    [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
    ['test_batch.bin'],
  ),
  classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  side: 32,
  binary: { folders: ['cifar-10-batches-bin', 'cifar10/cifar-10-batches-bin'], labelBytes: 1, label: 0 },
  address:
    'www.cs.toronto.edu/~kriz/cifar.html: the binary version, or as idx files (data/README.md says how)',
};

/** Small photographs in a hundred classes (Krizhevsky 2009). Records begin with a coarse label and a fine one. */
export const cifar100Source: IdxSource = {
  name: 'cifar100',
  folders: ['cifar100'],
  pairs: withBinaries(trainAndTest('train', 'test', 4), ['train.bin'], ['test.bin']),
  classes: cifar100Classes,
  side: 32,
  binary: { folders: ['cifar-100-binary', 'cifar100/cifar-100-binary'], labelBytes: 2, label: 1 },
  address:
    'www.cs.toronto.edu/~kriz/cifar.html: the binary version, or as idx files (data/README.md says how)',
};

function withBinaries(
  pairs: readonly IdxPair[],
  train: readonly string[],
  test: readonly string[],
): readonly IdxPair[] {
  return pairs.map((pair) => ({ ...pair, binaries: pair.levels.part === 'train' ? train : test }));
}

/** The same seven classes in four renditions (Li et al. 2017), at 32 x 32 pixels. */
export const pacsSource: IdxSource = {
  name: 'pacs',
  folders: ['pacs32', 'pacs'],
  pairs: ['art_painting', 'cartoon', 'photo', 'sketch'].map((domain) => ({
    images: `${domain}-images-idx4-ubyte`,
    labels: `${domain}-labels-idx1-ubyte`,
    levels: { domain },
  })),
  classes: ['dog', 'elephant', 'giraffe', 'guitar', 'horse', 'house', 'person'],
  side: 32,
  address:
    'dali-dl.github.io/project_iccv2017.html; its folders as they are: dataset=image_folder dataset.path=PACS dataset.layout=domain/class',
};

/** Where a file of the binary version of a source may stand. */
export function binaryPathsOf({ binary }: IdxSource, file: string): readonly string[] {
  return (binary?.folders ?? []).map((folder) => `${folder}/${file}`);
}

/** Where a file of a source may stand, gzipped or not. */
export function pathsOf({ folders }: IdxSource, file: string): readonly string[] {
  return folders.flatMap((folder) => [`${folder}/${file}.gz`, `${folder}/${file}`]);
}

/** What `doctor` looks for: the images of the first pair stand for all files. */
export const idxDataFiles: readonly DataFile[] = [
  mnistSource,
  fashionMnistSource,
  uspsSource,
  cifar10Source,
  cifar100Source,
  pacsSource,
].map((source) => ({
  dataset: source.name,
  paths: [
    ...pathsOf(source, source.pairs[0]!.images),
    ...(source.pairs[0]!.binaries?.slice(0, 1) ?? []).flatMap((file) => binaryPathsOf(source, file)),
  ],
  use: `dataset=${source.name} (${2 * source.pairs.length} files)`,
  source: source.address,
}));
