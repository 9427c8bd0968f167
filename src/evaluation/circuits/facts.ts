import { HeldoutError } from '../../core/errors.js';
import { readTextIfThere } from '../../core/files/files.js';
import { isJsonObject } from '../../core/json.js';

/** Links among the processors at one moment. */
export interface LinkFacts {
  /** P by receiver and sender, mean over the propagators; 1 on the diagonal. Four decimals. */
  readonly probabilities: readonly (readonly number[])[];
  /** Pairs within the threshold, the smaller number first. */
  readonly edges: readonly (readonly [number, number])[];
  /** Share of all pairs that are edges. */
  readonly density: number;
  /** Sum of the probabilities of each module's links to others. */
  readonly degrees: readonly number[];
  /** Of each module; 0 is the largest community. */
  readonly communities: readonly number[];
}

/** Attention of every module to one image. */
export interface ObservedImage {
  readonly example: number;
  /** What is to be seen: `shape=heart, hue=blue`. */
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Bytes 0 to 255, row-major, channels last, in base64. */
  readonly pixels: string;
  /** Largest share of each module's attention on one token, mean over heads. */
  readonly peaks: readonly number[];
  /** `[modules, rows, columns]` bytes in base64: 255 is the module's peak. */
  readonly attention: string;
}

/** What there is to know of a trained circuit, without opening the model again. */
export interface CircuitFacts {
  readonly schema: 1;
  readonly run: string;
  /** Sum of the weights that these are the facts of. */
  readonly weights: string;
  readonly step: number;
  readonly processors: number;
  /** Null where every module hears all others. */
  readonly links: {
    readonly truncation: number | null;
    /** Distance within which two modules have an edge: the truncation, or 0.9 without one. */
    readonly threshold: number;
    /** ε of every attention that learns it. */
    readonly bandwidths: Readonly<Record<string, number>>;
    /** Null for a pruned circuit, which did not start by itself. */
    readonly before: LinkFacts | null;
    readonly after: LinkFacts;
  } | null;
  /** Modules with the nearest signatures and codes by their cosine, nearest first. */
  readonly nearest: {
    readonly signature: readonly (readonly number[])[] | null;
    readonly code: readonly (readonly number[])[];
  };
  /** Tokens of an image: rows and columns. */
  readonly grid: readonly [number, number];
  /** Set, and number of its examples, that the following are the mean over. */
  readonly set: string;
  readonly examples: number;
  /** Centre `[x, y]` of each module's attention, in shares of the image from its upper left corner. */
  readonly centroids: readonly (readonly [number, number])[];
  readonly images: readonly ObservedImage[];
}

/** The facts, or undefined where there are none. Throws HeldoutError when the file is damaged. */
export function readFacts(path: string, run: string): CircuitFacts | undefined {
  const text = readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value) && value.schema === 1 && value.run === run && Array.isArray(value.images))
      return value as unknown as CircuitFacts;
  } catch {
    // Refused below, like what is no object.
  }
  throw new HeldoutError({
    code: 'E_CIRCUIT_CORRUPT',
    message: 'what was observed of the circuit of a run is damaged',
    place: path,
    hints: [`rm ${path}`, `npm run experiment -- circuit ${run} makes it anew`],
    exitCode: 1,
  });
}

/** Attention `[rows, columns]` of a module to an image, in shares of all of it. */
export function attentionOf(
  { attention, peaks }: Pick<ObservedImage, 'attention' | 'peaks'>,
  [rows, columns]: readonly [number, number],
  module: number,
): number[] {
  const tokens = rows * columns;
  const bytes = Buffer.from(attention, 'base64').subarray(module * tokens, (module + 1) * tokens);
  return Array.from(bytes, (byte) => (byte / 255) * peaks[module]!);
}
