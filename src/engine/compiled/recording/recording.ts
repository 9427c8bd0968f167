import type { OpAttribute } from '../../backends/tensorflow-backend.js';
import type { ResidentData } from '../../resident.js';
import type { ConstantValue } from '../graph/graph.js';
import type { LowPrecision } from '../graph/precision.js';

/** Where a tensor of a recorded function comes from. */
export type Source =
  | { readonly kind: 'state'; readonly name: string }
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'op'; readonly index: number; readonly output: number }
  | { readonly kind: 'constant'; readonly index: number };

export interface RecordedOp {
  readonly op: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly Source[];
  /** TF_DataType of each output. */
  readonly types: readonly number[];
  readonly shapes: readonly (readonly number[])[];
  /** Where in the model it was called, if sites were asked for. */
  readonly site: string | undefined;
}

/**
 * That a state's new value is what a fused op of TensorFlow makes of it in place. The ops that compute the same
 * are recorded, too.
 */
export interface FusedUpdate {
  readonly op: string;
  readonly attributes: readonly OpAttribute[];
  /** State that the op changes, in its order. */
  readonly changes: readonly Source[];
  /** What the first of them is set to before, where the op does not begin with the state itself. */
  readonly start: Source | undefined;
  readonly inputs: readonly Source[];
  /** New values of `changes`. */
  readonly results: readonly Source[];
}

/** Everything that a function of tensors did, and nothing about the numbers that it did it with. */
export interface Recording {
  readonly ops: readonly RecordedOp[];
  readonly constants: readonly ConstantValue[];
  readonly updates: readonly FusedUpdate[];
  /** New values of the state that the function returned. */
  readonly state: Readonly<Record<string, Source>>;
  readonly outputs: Readonly<Record<string, Source>>;
}

export interface Signature {
  /** As TF.js calls it: `float32`, `int32`, `bool`. */
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A recorded function and what it works on. */
export interface Part {
  readonly recording: Recording;
  /** Types and shapes of the state and of the inputs, by name. */
  readonly state: Readonly<Record<string, Signature>>;
  readonly inputs: Readonly<Record<string, Signature>>;
  /** Lets XLA compile what it can. */
  readonly xla: boolean;
  /** Of its products and convolutions. Default float32. */
  readonly precision?: LowPrecision | undefined;
  /** Also makes a function of so many calls one after the other. Default 1: none. */
  readonly repeat?: number;
  /**
   * Inputs that are gathered from resident arrays, by row numbers of this signature, in place of being fed; or all rows
   * as they lie there, whatever the numbers.
   */
  readonly resident?: Pick<ResidentData, 'arrays' | 'whole'> & { readonly rows: Signature };
}

/** A step that no graph can repeat: what it does depends on numbers that JavaScript saw, or drew. */
export class UnrecordableError extends Error {
  constructor(
    /** `Select, which reads the tensor that it depends on`. */
    readonly what: string,
    /** `src/models/mine.ts:12:3`, if it could be found. */
    readonly site: string | undefined,
  ) {
    super(`${what}${site === undefined ? '' : `, at ${site}`}`);
  }
}

/**
 * Checks that two recordings of one function, on other batches and step numbers, are the same: a constant, an
 * attribute or an op that differs would be frozen at its first value. Throws UnrecordableError.
 */
export function checkEqual(first: Recording, second: Recording): void {
  for (const [index, op] of first.ops.entries()) {
    const other = second.ops[index];
    if (other?.op !== op.op) {
      throw new UnrecordableError(
        `the ops depend on numbers: ${op.op} at one time, ${other?.op ?? 'nothing'} at another`,
        op.site ?? other?.site,
      );
    }
    for (const [place, input] of op.inputs.entries()) {
      if (!sameSource(first, input, second, other.inputs[place])) {
        throw new UnrecordableError(
          `${op.op} takes a value that JavaScript computes anew in every step (input ${place + 1})`,
          op.site,
        );
      }
    }
    if (JSON.stringify(op.attributes) !== JSON.stringify(other.attributes)) {
      throw new UnrecordableError(`${op.op} has attributes that change from step to step`, op.site);
    }
  }
  if (second.ops.length > first.ops.length) {
    const { op, site } = second.ops[first.ops.length]!;
    throw new UnrecordableError(`the ops depend on numbers: nothing at one time, ${op} at another`, site);
  }
  for (const part of ['state', 'outputs'] as const) {
    for (const [name, source] of Object.entries(first[part])) {
      if (sameSource(first, source, second, second[part][name])) continue;
      throw new UnrecordableError(
        `${name} is a value that JavaScript computes anew in every step`,
        undefined,
      );
    }
  }
}

function sameSource(first: Recording, a: Source, second: Recording, b: Source | undefined): boolean {
  if (a.kind !== 'constant' || b?.kind !== 'constant') return JSON.stringify(a) === JSON.stringify(b);
  const [one, two] = [first.constants[a.index]!, second.constants[b.index]!];
  return (
    one.dtype === two.dtype &&
    one.shape.join() === two.shape.join() &&
    Buffer.compare(one.bytes, two.bytes) === 0
  );
}
