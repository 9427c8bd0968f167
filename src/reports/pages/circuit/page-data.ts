/** What the page of a circuit shows; stands in it as JSON. Knows neither Node nor a browser. */
export interface PageData {
  readonly title: string;
  /** What the run is and came to: names and values. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly modules: readonly PageModule[];
  /** Pairs of modules with the probability of their link. */
  readonly edges: readonly (readonly [a: number, b: number, probability: number])[];
  /** Tokens of an image: rows and columns. */
  readonly grid: readonly [number, number];
  readonly images: readonly PageImage[];
  /** Null where nothing was measured; `command` measures it. */
  readonly pruning: PagePruning | null;
  readonly command: string;
}

export interface PageModule {
  /** Null where every module hears all others. */
  readonly degree: number | null;
  readonly community: number | null;
  /** Centre of its attention, in shares of the image from the upper left. */
  readonly x: number;
  readonly y: number;
  /** Nearest modules, nearest first. */
  readonly signature: readonly number[] | null;
  readonly code: readonly number[];
}

export interface PageImage {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Bytes in base64: pixels, and attention `[modules, rows, columns]` of which 255 is a module's peak. */
  readonly pixels: string;
  readonly attention: string;
  readonly peaks: readonly number[];
}

export interface PagePruning {
  readonly sets: readonly string[];
  /** Of a set, at most. */
  readonly examples: number;
  /** From all processors to the fewest. */
  readonly levels: readonly PageLevel[];
}

export interface PageLevel {
  readonly kept: number;
  /** Images per second. */
  readonly speed: number | null;
  /** Accuracy on every set: with the modules of the highest degree, and with random ones (mean over draws). */
  readonly degree: readonly (number | null)[];
  readonly random: readonly (number | null)[];
}

/** Modules from the one that stays longest to the one that goes first; all alike without degrees. */
export function rankModules(modules: readonly Pick<PageModule, 'degree'>[]): number[] {
  const degreeOf = (module: number) => modules[module]!.degree ?? 0;
  return modules.map((_, module) => module).sort((a, b) => degreeOf(b) - degreeOf(a) || a - b);
}
