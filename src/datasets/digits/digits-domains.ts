import { brightness } from '../../augment/raster.js';
import { identify } from '../../core/hash.js';
import { makeColumns } from '../../variables/columns.js';
import type { VariableTable } from '../../variables/variable.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { cifar10Source, mnistSource, uspsSource } from '../idx/sources.js';
import { readWholeImages, readWholeLabels, type WholeLabels } from '../idx/whole-source.js';
import { type Fit, fitImage } from '../images/fit.js';
import { type ImageStore, makeImageDataset } from '../images/image-dataset.js';
import { cutByIndex, type Limits, type Parts, partNames } from './parts.js';
import {
  colouredDomains,
  createRender,
  type DigitDomain,
  domainSources,
  type Photographs,
  type Render,
} from './renditions.js';

export interface DigitsDomainsConfig {
  readonly name: string;
  /** All but `rotated` unless given. */
  readonly domains?: readonly DigitDomain[] | undefined;
  /** Pixels of a row and of a column, 28 unless given. */
  readonly side?: 16 | 28 | 32 | undefined;
  /** Channels that a model gets, 3 unless given; 1: colours become brightness. */
  readonly channels?: 1 | 3 | undefined;
  /** Share of the training files that is for validation, in [0, 1); 0.1 unless given. */
  readonly validation?: number | undefined;
  /** At most so many images of each part of each domain. */
  readonly limits?: Limits | undefined;
  /** Degrees by which `rotated` turns digits against the clock, 45 unless given. */
  readonly angle?: number | undefined;
  /** Of all draws, 0 unless given. */
  readonly seed?: number | undefined;
}

const sources = { mnist: mnistSource, usps: uspsSource } as const;
type SourceName = keyof typeof sources;
const usualDomains: readonly DigitDomain[] = ['mnist', 'usps', 'mnist_m', 'inverted', 'coloured'];

/** At 16 pixels the margin of MNIST's digits goes, since those of USPS have none; at 32 black ones are put around them. */
const fits: Readonly<Record<SourceName, (side: number) => Pick<Fit, 'fit' | 'crop'>>> = {
  mnist: (side) => (side === 16 ? { fit: 'resize', crop: 20 } : { fit: 'pad' }),
  usps: () => ({ fit: 'resize' }),
};

/**
 * Ten digits in several domains: MNIST (`mnist`), USPS (`usps`), and what becomes of MNIST's images when a photograph is
 * behind them (`mnist_m`), black and white change places (`inverted`), they have one colour each (`coloured`) or are turned
 * (`rotated`). Each source is cut into the parts `train`, `validation` and `test` once, by image: a digit that one domain
 * has for training is in no other domain's test. Tests are those of the test files, and photographs behind them those of
 * CIFAR-10's test file. Variables domain, part and class.
 */
export const digitsDomains: DatasetSource<DigitsDomainsConfig> = {
  table: (config, dataFolder) => describe(config, dataFolder).table,
  open: async (config, dataFolder) => openDomains(config, dataFolder),
};

/** A source as it is cut: its images in the order of the parts. */
interface Cut {
  readonly whole: WholeLabels;
  readonly parts: Parts;
  readonly images: Uint32Array;
}

interface Description {
  readonly domains: readonly DigitDomain[];
  readonly cuts: Readonly<Partial<Record<SourceName, Cut>>>;
  readonly table: VariableTable;
}

function describe(
  { domains = usualDomains, validation = 0.1, limits = {}, seed = 0 }: DigitsDomainsConfig,
  dataFolder: string,
): Description {
  const names = [...new Set(domains.map((domain) => domainSources[domain]))];
  const cuts = Object.fromEntries(
    names.map((name) => {
      const whole = readWholeLabels(sources[name], dataFolder);
      const parts = cutByIndex(whole, name, { validation, limits, seed });
      const images = Uint32Array.from(partNames.flatMap((part) => [...parts[part]]));
      return [name, { whole, parts, images }];
    }),
  ) as Partial<Record<SourceName, Cut>>;
  const all = domains.map((domain) => cuts[domainSources[domain]]!);
  const used = partNames.filter((part) => all.some(({ parts }) => parts[part].length > 0));
  const table = makeColumns(
    all.reduce((sum, { images }) => sum + images.length, 0),
    [
      { name: 'domain', kind: 'categorical', levels: domains },
      { name: 'part', kind: 'categorical', levels: used },
      { name: 'class', kind: 'categorical', levels: mnistSource.classes },
    ],
    {
      domain: Uint16Array.from(all.flatMap(({ images }, at) => Array<number>(images.length).fill(at))),
      part: Uint16Array.from(
        all.flatMap(({ parts }) => used.flatMap((part, at) => Array<number>(parts[part].length).fill(at))),
      ),
      class: Uint16Array.from(
        all.flatMap(({ whole, images }) => Array.from(images, (at) => whole.labels[at]!)),
      ),
    },
  );
  return { domains, cuts, table: { ...table, environment: 'domain', label: 'class' } };
}

function openDomains(config: DigitsDomainsConfig, dataFolder: string): Dataset {
  const { side = 28, channels = 3, angle = 45, seed = 0 } = config;
  const { domains, cuts, table } = describe(config, dataFolder);
  const hashes: Record<string, string> = {};
  const digits = Object.entries(cuts).map(([name, cut]) => {
    const { data, sha256 } = readWholeImages(sources[name as SourceName], cut.whole, dataFolder);
    hashes[name] = sha256;
    return [name, fitDigits(data, name as SourceName, cut.images, side)];
  });
  const fitted = Object.fromEntries(digits) as Partial<Record<SourceName, Uint8Array>>;
  const photographs = domains.includes('mnist_m') ? readPhotographs(dataFolder) : undefined;
  const shown = domains.map((domain): ShownDomain => {
    const name = domainSources[domain];
    const { whole, images } = cuts[name]!;
    const trainCount = whole.counts[0]!;
    const render = createRender(domain, { side, trainCount, photographs, angle, seed });
    return { digits: fitted[name]!, images, render, colours: colouredDomains.has(domain) };
  });
  const { validation = 0.1, limits = {} } = config;
  return makeImageDataset({
    name: 'digits_domains',
    table,
    images: drawOnDemand(shown, side, channels),
    channels,
    fingerprint: identify(
      {
        ...{ dataset: 'digits_domains', law: 1, domains: [...domains], side, channels, validation, seed },
        ...{ limits: { ...limits }, hashes, photographs: photographs?.sha256 ?? null },
        ...(domains.includes('rotated') && { angle }),
      },
      16,
    ),
  });
}

function readPhotographs(dataFolder: string): Photographs & { readonly sha256: string } {
  const { counts } = readWholeLabels(cifar10Source, dataFolder);
  const { data, sha256 } = readWholeImages(cifar10Source, { counts }, dataFolder);
  return { data, counts, sha256, side: cifar10Source.side };
}

function fitDigits(data: Uint8Array, name: SourceName, images: Uint32Array, side: number): Uint8Array {
  const own = sources[name].side;
  const fit: Fit = { side, channels: 1, ...fits[name](side) };
  const out = new Uint8Array(images.length * side * side);
  for (const [at, image] of images.entries()) {
    const digit = data.subarray(image * own * own, (image + 1) * own * own);
    const raster = { width: own, height: own, channels: 1, data: digit };
    out.set(fitImage(raster, fit).data, at * side * side);
  }
  return out;
}

interface ShownDomain {
  /** Grey, in the order of the domain's examples. */
  readonly digits: Uint8Array;
  /** Index of each in the files. */
  readonly images: Uint32Array;
  readonly render: Render;
  readonly colours: boolean;
}

/** Images are made of digits when they are read, which are in memory: so all domains take the memory of one. */
function drawOnDemand(domains: readonly ShownDomain[], side: number, asked: 1 | 3): ImageStore {
  const pixels = side * side;
  const channels = asked === 3 && domains.some(({ colours }) => colours) ? 3 : 1;
  const starts = domains.map((_, at) =>
    domains.slice(0, at).reduce((sum, { images }) => sum + images.length, 0),
  );
  const drawn = new Uint8Array(3 * pixels);
  return {
    side,
    channels,
    inMemory: true,
    read(examples, out) {
      for (let i = 0; i < examples.length; i++) {
        const domain = starts.findLastIndex((start) => start <= examples[i]!);
        const { digits, images, render, colours } = domains[domain]!;
        const at = examples[i]! - starts[domain]!;
        render(digits.subarray(at * pixels, (at + 1) * pixels), images[at]!, drawn);
        writePixels(drawn, colours, out, i * pixels * channels, pixels, channels);
      }
    },
  };
}

/** Grey pixels three times where there are colours beside them, coloured ones as brightness where there are not. */
function writePixels(
  drawn: Uint8Array,
  colours: boolean,
  out: Uint8Array,
  start: number,
  pixels: number,
  channels: 1 | 3,
): void {
  if (colours === (channels === 3)) {
    out.set(drawn.subarray(0, pixels * channels), start);
    return;
  }
  for (let at = 0; at < pixels; at++) {
    if (colours) out[start + at] = brightness(drawn, 3 * at);
    else out.fill(drawn[at]!, start + 3 * at, start + 3 * at + 3);
  }
}
