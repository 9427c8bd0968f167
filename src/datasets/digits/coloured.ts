import { countUp, shuffle } from '../../random/draw.js';
import { createFastStream, openKeys } from '../../random/fast-stream.js';
import { stream } from '../../random/stream.js';
import { takeFirst } from './take-first.js';

/** Coloured digits: which image each example is, and what it is called. */
export interface ColouredDigits {
  /** Names of the environments, in order. */
  readonly environments: readonly string[];
  /** Index of the image in the files, training images first. */
  readonly images: Uint32Array;
  readonly environment: Uint16Array;
  /** 1 of digits below 5, 0 of others, a quarter of them changed. */
  readonly label: Uint16Array;
  /** The channel that has the digit; 2: both. */
  readonly colour: Uint16Array;
}

export interface ColouringConfig {
  readonly protocol: 'irm' | 'domainbed';
  readonly size: number | null;
  readonly grayTest: boolean;
  readonly seed: number;
}

/** Images of one environment, and how often their colour is not that of their label. */
interface Environment {
  readonly name: string;
  readonly images: Uint32Array;
  readonly flip: number;
  readonly gray?: boolean;
}

/** The share of labels that is changed, whatever the environment. */
const labelNoise = 0.25;

/**
 * Draws labels and colours. Both depend on the image and the seed alone, so that fewer examples are the first of more
 * and a change of protocol changes none.
 */
export function colourDigits(
  digits: Uint8Array,
  trainCount: number,
  config: ColouringConfig,
): ColouredDigits {
  const { protocol, seed } = config;
  const environments =
    protocol === 'irm' ? partForIrm(trainCount, config) : partForDomainBed(digits.length, config);
  const size = environments.reduce((sum, { images }) => sum + images.length, 0);
  const drawn = {
    images: new Uint32Array(size),
    environment: new Uint16Array(size),
    label: new Uint16Array(size),
    colour: new Uint16Array(size),
  };
  const source = createFastStream(openKeys(seed, 'colored_mnist', 'noise'));
  let example = 0;
  for (const [at, { images, flip, gray }] of environments.entries()) {
    for (const image of images) {
      source.place(image, 0);
      const label = Number(digits[image]! < 5) ^ Number(source.uniform(0, 1) < labelNoise);
      drawn.images[example] = image;
      drawn.environment[example] = at;
      drawn.label[example] = label;
      drawn.colour[example] = gray ? 2 : label ^ Number(source.uniform(0, 1) < flip);
      example++;
    }
  }
  return { ...drawn, environments: environments.map(({ name }) => name) };
}

/** The last sixth of the training file is the test, of which 60,000 leave 50,000 for two environments. */
function partForIrm(trainCount: number, { size, grayTest, seed }: ColouringConfig): readonly Environment[] {
  const count = trainCount - Math.round(trainCount / 6);
  const order = takeFirst(
    shuffle(stream(seed, 'colored_mnist', 'irm'), countUp(count)),
    size,
    'dataset.size',
  );
  const tested = countUp(trainCount).subarray(count);
  return [
    { name: '+80%', images: order.filter((_, at) => at % 2 === 0), flip: 0.2 },
    { name: '+90%', images: order.filter((_, at) => at % 2 === 1), flip: 0.1 },
    { name: '-90%', images: tested, flip: 0.9 },
    ...(grayTest ? [{ name: 'gray', images: tested, flip: 0, gray: true }] : []),
  ];
}

/** Both files, of which environment i has every third image from the i-th on. */
function partForDomainBed(count: number, { size, seed }: ColouringConfig): readonly Environment[] {
  const whole = shuffle(stream(seed, 'colored_mnist', 'domainbed'), countUp(count));
  const order = takeFirst(whole, size, 'dataset.size');
  return [0.1, 0.2, 0.9].map((flip, at) => ({
    name: ['+90%', '+80%', '-90%'][at]!,
    images: order.filter((_, place) => place % 3 === at),
    flip,
  }));
}
