import type { DatasetSource } from '../dataset.js';
import type { Fit } from '../images/fit.js';
import { openPieces, type Piece, tabulatePieces } from './collection.js';
import {
  cifar10Source,
  cifar100Source,
  fashionMnistSource,
  type IdxSource,
  mnistSource,
  pacsSource,
  uspsSource,
} from './sources.js';

/** How the images of a source are made to fit. */
export interface FitConfig {
  readonly fit?: Fit['fit'] | undefined;
  /** Pixels of a row and of a column of the middle part that is kept; all unless given. */
  readonly crop?: number | null | undefined;
}

export interface IdxImagesConfig extends FitConfig {
  readonly name: string;
  /** Pixels of a row and of a column, 32 unless given. */
  readonly side?: number | undefined;
  /** Channels that a model gets; those of the files unless given. */
  readonly channels?: 1 | 3 | undefined;
}

export interface DigitsConfig extends Omit<IdxImagesConfig, 'fit' | 'crop'> {
  /** The sources that make the domains, and how their images are made to fit. */
  readonly domains?:
    | { readonly mnist?: FitConfig | undefined; readonly usps?: FitConfig | undefined }
    | undefined;
}

const usualSide = 32;

/** Published images in their published parts (`part`: train, test) or domains (`domain`), with `class` to tell. */
function fromSource(
  source: IdxSource,
  usual: { readonly fit: Fit['fit']; readonly channels: 1 | 3 },
): DatasetSource<IdxImagesConfig> {
  const describe = ({
    side = usualSide,
    fit = usual.fit,
    crop,
    channels = usual.channels,
  }: IdxImagesConfig) => {
    const whole: Fit = { side, fit, channels, ...(crop != null && { crop }) };
    return { channels, pieces: [{ source, fit: whole, place: 'dataset' }] };
  };
  return {
    table: (config, dataFolder) => tabulatePieces(describe(config).pieces, dataFolder),
    async open(config, dataFolder) {
      const { pieces, channels } = describe(config);
      return openPieces(source.name, pieces, channels, dataFolder);
    },
  };
}

export const mnist = fromSource(mnistSource, { fit: 'pad', channels: 1 });
export const fashionMnist = fromSource(fashionMnistSource, { fit: 'pad', channels: 1 });
export const usps = fromSource(uspsSource, { fit: 'resize', channels: 1 });
export const cifar10 = fromSource(cifar10Source, { fit: 'resize', channels: 3 });
export const cifar100 = fromSource(cifar100Source, { fit: 'resize', channels: 3 });
export const pacs = fromSource(pacsSource, { fit: 'resize', channels: 3 });

const digitSources = { mnist: mnistSource, usps: uspsSource } as const;

/** Digits of several sources, each a level of `domain`, in their published parts. */
export const digits: DatasetSource<DigitsConfig> = {
  table: (config, dataFolder) => tabulatePieces(describeDigits(config), dataFolder),
  async open(config, dataFolder) {
    return openPieces('digits', describeDigits(config), config.channels ?? 1, dataFolder);
  },
};

function describeDigits({
  side = usualSide,
  channels = 1,
  domains = { mnist: {}, usps: {} },
}: DigitsConfig): readonly Piece[] {
  return Object.entries(digitSources).flatMap(([domain, source]): readonly Piece[] => {
    const asked = domains[domain as keyof typeof digitSources];
    if (asked === undefined) return [];
    const { fit = 'resize', crop } = asked;
    const whole: Fit = { side, fit, channels, ...(crop != null && { crop }) };
    return [{ source, fit: whole, place: `dataset.domains.${domain}`, levels: { domain } }];
  });
}
