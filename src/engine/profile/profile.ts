/** Milliseconds. */
export interface Spread {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly n: number;
}

/** A step as it is run. */
export interface StepProfile {
  readonly compiled: boolean;
  readonly xla: boolean;
  /** Megabytes of training data on the device; 0: batches are fed. */
  readonly resident: number;
  /** Steps that one call of TensorFlow makes; all times are of one step. */
  readonly stepsPerCall: number;
  readonly step: Spread;
  /** Medians of a compiled step's parts, in milliseconds; what is left of it is JavaScript. */
  readonly parts?: {
    /** TensorFlow runs the graph. */
    readonly graph: number;
    /** The batch and the step's numbers are copied to TensorFlow. */
    readonly feeding: number;
    /** The loss is copied back. */
    readonly reading: number;
    readonly javascript: number;
  };
  /** Nodes of the graph, before TensorFlow optimises it. */
  readonly nodes?: number;
}

/** Matrix work: of products and convolutions. */
export interface Work {
  readonly milliseconds: number;
  readonly flops: number;
}

export interface ShapeProfile {
  /** `[128, 28, 28, 64] [3, 3, 64, 128]`. */
  readonly shapes: string;
  readonly calls: number;
  readonly milliseconds: number;
}

export interface OpProfile extends Work {
  readonly op: string;
  readonly calls: number;
  /** Of all ops' time. */
  readonly share: number;
  /** The most costly first. */
  readonly shapes: readonly ShapeProfile[];
}

export interface LayerProfile extends Work {
  readonly layer: string;
  /** Milliseconds; the optimiser has neither. */
  readonly forward: number;
  readonly backward: number;
  readonly share: number;
}

/** A step that is run op by op; per step, medians over `steps`. */
export interface OpsProfile {
  readonly steps: number;
  /** Steps whose ops are not timed, for comparison. */
  readonly step: Spread;
  /** Whether ops go on after their calls have returned, as on a GPU: their times are those of starting them. */
  readonly asynchronous: boolean;
  /** All ops together. */
  readonly milliseconds: number;
  readonly matrix: Work;
  readonly ops: readonly OpProfile[];
  /** In the order of the forward pass; what is between layers and the optimiser come last. */
  readonly layers: readonly LayerProfile[];
}

export function spreadOf(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: medianOf(sorted), minimum: sorted[0]!, maximum: sorted.at(-1)!, n: sorted.length };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
